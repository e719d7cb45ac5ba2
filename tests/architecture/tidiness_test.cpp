// The house rules that a reader would otherwise have to check: sizes, names, and documents that tell the
// truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>
#include <set>

#include "architecture/source_tree.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kMostLines = 400;

std::vector<std::string> long_files(const SourceTree& tree) {
  std::vector<std::string> found;
  for (const auto& [path, file] : tree) {
    const std::size_t lines = count_lines(file.text);
    if (!path.ends_with(".json") && lines > kMostLines)
      found.push_back(path + ": " + std::to_string(lines) + " lines");
  }
  return found;
}

std::vector<std::string> vague_names(const SourceTree& tree) {
  static const std::regex kVague("(^|.*[/_])(utils?|common|helpers?|misc|managers?)([_./].*|$)");
  std::vector<std::string> found;
  for (const auto& [path, file] : tree) {
    if (std::regex_match(path, kVague)) found.push_back(path);
  }
  return found;
}

/// Names of files and folders in a document: links, and code spans that look like a path.
std::vector<std::string> named_paths(const std::string& markdown) {
  static const std::regex kName(
      R"re(\]\(([^)#: ]+)(#[^)]*)?\)|`([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*/?)`)re");
  static const std::regex kLooksLikeAPath(R"re(.*/|.*\.(h|cpp|md|yaml|yml|json|proto|cmake|sh|txt|py))re");
  std::vector<std::string> names;
  for (auto match = std::sregex_iterator(markdown.begin(), markdown.end(), kName);
       match != std::sregex_iterator(); ++match) {
    const std::string link = (*match)[1], code = (*match)[3];
    if (!link.empty()) names.push_back(link);
    if (std::regex_match(code, kLooksLikeAPath)) names.push_back(code);
  }
  return names;
}

/// What the program makes while it runs is named in documents but not kept in the tree.
bool is_made_at_run_time(const std::string& name) {
  return name.starts_with("build/") || name.starts_with(".kafka/") || name.starts_with("/");
}

/// Paths count from the document's folder or from the top of the tree. A name without a folder may be any
/// file's; one of data is taken for a file that a command writes.
bool exists(const SourceFile& document, const std::string& name) {
  const std::filesystem::path root(EDDY_SOURCE_DIR);
  if (std::filesystem::exists(root / document.folder() / name) || std::filesystem::exists(root / name))
    return true;
  if (name.find('/') != std::string::npos) return false;
  if (name.ends_with(".json") || name.ends_with(".yaml") || name.ends_with(".txt")) return true;
  const SourceTree& tree = project_tree();
  return std::any_of(tree.begin(), tree.end(),
                     [&](const auto& entry) { return entry.first.ends_with("/" + name); });
}

TEST(tidiness, no_file_is_over_400_lines) {
  EXPECT_THAT(long_files(project_tree()), IsEmpty());
}

TEST(tidiness, a_long_file_is_found) {
  const SourceTree tree = {{"event/long.h", {"event/long.h", std::string(401, '\n')}},
                           {"event/short.h", {"event/short.h", std::string(400, '\n')}}};
  EXPECT_THAT(long_files(tree), ElementsAre("event/long.h: 401 lines"));
}

TEST(tidiness, no_file_has_a_name_that_says_nothing) {
  EXPECT_THAT(vague_names(project_tree()), IsEmpty());
}

TEST(tidiness, a_name_that_says_nothing_is_found) {
  const SourceTree tree = {
      {"state/store_utils.h", {}}, {"model/helpers/mean.h", {}}, {"event/commonality.h", {}}};
  EXPECT_THAT(vague_names(tree), ElementsAre("model/helpers/mean.h", "state/store_utils.h"));
}

// Admission to base/: would it fit in the standard library? Who adds a file answers that here.
TEST(tidiness, base_holds_its_closed_list) {
  const std::set<std::string> closed_list = {
      "annotated_mutex.h", "clock.cpp",     "clock.h",        "error.cpp",      "error.h",
      "fixed_point.h",     "hash.h",        "metric.cpp",     "metric.h",       "result.h",
      "README.md",         "strong_type.h", "CMakeLists.txt", "whole_file.cpp", "whole_file.h"};
  std::set<std::string> found;
  for (const auto& [path, file] : project_tree()) {
    if (path.starts_with("base/")) found.insert(path.substr(5));
  }
  EXPECT_EQ(found, closed_list);
}

TEST(tidiness, every_path_that_a_document_names_exists) {
  std::vector<std::string> missing;
  for (const auto& [path, file] : project_tree()) {
    if (!path.ends_with(".md")) continue;
    for (const std::string& name : named_paths(file.text)) {
      if (!is_made_at_run_time(name) && !exists(file, name)) missing.push_back(path + " names " + name);
    }
  }
  EXPECT_THAT(missing, IsEmpty());
}

TEST(tidiness, names_of_paths_are_found_in_a_document) {
  EXPECT_THAT(
      named_paths(
          "See [the plan](docs/plan.md#top), `event/` and `event/event.h`, not `fold` or `a b.md`, nor "
          "[the web](https://example.org/x.md)."),
      ElementsAre("docs/plan.md", "event/", "event/event.h"));
}

TEST(tidiness, every_room_has_a_readme) {
  constexpr std::array<const char*, 12> kFolders = {"base",      "event",    "state",  "model",
                                                    "operators", "pipeline", "config", "import",
                                                    "simulate",  "app",      "tests",  "bench"};
  for (const char* folder : kFolders) {
    EXPECT_TRUE(project_tree().contains(std::string(folder) + "/README.md"))
        << folder << "/README.md is missing";
  }
}

}  // namespace
}  // namespace eddy

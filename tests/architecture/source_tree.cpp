#include "architecture/source_tree.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace eddy {
namespace {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return std::move(text).str();
}

bool is_foreign_folder(const std::string& name) {
  return name == "build" || name == "__pycache__";
}

}  // namespace

std::string SourceFile::folder() const {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

SourceTree read_source_tree(const std::filesystem::path& root) {
  static const std::set<std::string> kExtensions = {".h",  ".cpp",  ".cmake", ".txt",   ".md",  ".sh",
                                                    ".py", ".yaml", ".yml",   ".proto", ".json"};
  SourceTree tree;
  using std::filesystem::recursive_directory_iterator;
  for (auto entry = recursive_directory_iterator(root); entry != recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory()) {
      if (name.starts_with('.') || is_foreign_folder(name)) entry.disable_recursion_pending();
      continue;
    }
    if (name.starts_with('.') || (name != "dev" && !kExtensions.contains(entry->path().extension().string())))
      continue;
    const std::string path = std::filesystem::relative(entry->path(), root).generic_string();
    tree.emplace(path, SourceFile{path, read_text(entry->path())});
  }
  return tree;
}

const SourceTree& project_tree() {
  static const SourceTree tree = read_source_tree(EDDY_SOURCE_DIR);
  return tree;
}

std::vector<Include> includes_of(const std::string& text) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(["<])([^">]+)[">].*)re");
  std::vector<Include> includes;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find("include") == std::string::npos) continue;
    std::smatch match;
    if (std::regex_match(line, match, kInclude)) includes.push_back({match[2], match[1] == "\"", number});
  }
  return includes;
}

std::size_t count_lines(const std::string& text) {
  const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return ends + (text.empty() || text.back() == '\n' ? 0 : 1);
}

}  // namespace eddy

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace eddy {

/// One #include line.
struct Include {
  std::string target;    ///< what stands between the quotes or the angle brackets
  bool is_ours = false;  ///< in quotes: reached from the top of the tree
  int line = 0;
};

/// A file of the project, by its path from the top of the tree ("state/profile/fold.h").
struct SourceFile {
  std::string path;
  std::string text;

  [[nodiscard]] bool is_cpp() const { return path.ends_with(".h") || path.ends_with(".cpp"); }
  [[nodiscard]] bool is_header() const { return path.ends_with(".h"); }
  /// The path up to the last '/', without it; empty at the top.
  [[nodiscard]] std::string folder() const;
};

using SourceTree = std::map<std::string, SourceFile>;

/// Everything below `root` but build trees, hidden folders and what tools leave behind. Throws where it
/// cannot be read.
SourceTree read_source_tree(const std::filesystem::path& root);

/// The tree of this checkout, read once.
const SourceTree& project_tree();

std::vector<Include> includes_of(const std::string& text);
std::size_t count_lines(const std::string& text);

}  // namespace eddy

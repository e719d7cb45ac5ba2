#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace eddy {

/// Those files of a folder whose names begin and end so, the largest first.
inline std::vector<std::filesystem::path> files_named(const std::filesystem::path& folder,
                                                      const std::string& begin, const std::string& end) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (entry.is_regular_file() && name.starts_with(begin) && name.ends_with(end))
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::filesystem::file_size(a) > std::filesystem::file_size(b);
  });
  return found;
}

/// Flips all bits of the byte that lies at that share of the file, as a bad sector might.
inline void flip_byte(const std::filesystem::path& path, double share) {
  const auto at = static_cast<std::streamoff>(share * static_cast<double>(std::filesystem::file_size(path)));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(static_cast<char>(~byte));
  if (!file.flush()) throw std::runtime_error("cannot damage " + path.string());
}

/// Cuts the file off at that share.
inline void truncate_file(const std::filesystem::path& path, double share) {
  const auto size = static_cast<double>(std::filesystem::file_size(path));
  std::filesystem::resize_file(path, static_cast<std::uintmax_t>(share * size));
}

}  // namespace eddy

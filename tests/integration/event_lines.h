#pragma once

#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "event/batch.h"
#include "operators/decode/json_event_reader.h"
#include "state/profile/fold.h"

namespace eddy {

/// The oracle of the integration tests: the lines folded one after another, by one thread, without any of the
/// pipeline.
inline std::map<std::string, Facts> fold_lines(const std::vector<std::string>& lines,
                                               const FoldOptions& options = {}) {
  std::map<std::string, Facts> facts;
  JsonEventReader reader;
  Event event;
  std::string padded;
  for (const std::string& line : lines) {
    padded = line;
    padded.resize(line.size() + Batch::kPadding);
    if (!reader.read(std::string_view(padded).substr(0, line.size()), event)) continue;
    fold(event, options, facts[event.user.value()]);
  }
  return facts;
}

/// The lines of a plain or gzip file.
inline std::vector<std::string> read_lines_of(const std::filesystem::path& path) {
  gzFile file = ::gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path.string());
  std::string all;
  char buffer[1 << 16];
  for (int n = 0; (n = ::gzread(file, buffer, sizeof buffer)) > 0;)
    all.append(buffer, static_cast<std::size_t>(n));
  ::gzclose(file);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    lines.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// A file of the real data, if it is at hand (EDDY_DATA_DIR).
inline std::optional<std::filesystem::path> real_data(const std::string& name) {
  const char* directory = std::getenv("EDDY_DATA_DIR");
  if (directory == nullptr) return std::nullopt;
  const std::filesystem::path path = std::filesystem::path(directory) / name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

#define EDDY_NEEDS_REAL_DATA(name)                     \
  if (!real_data(name))                                \
  GTEST_SKIP() << "SKIPPED: the real data '" << (name) \
               << "' is not at hand. Set EDDY_DATA_DIR to the folder that has it."

}  // namespace eddy

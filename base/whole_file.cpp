#include "base/whole_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

namespace eddy {
namespace {

namespace fs = std::filesystem;

Error disk_error(const char* what, const fs::path& path) {
  return external_error(std::string(what) + ": " + std::strerror(errno), path.string());
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

fs::path draft_of(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + ".draft");
}

Result<void> write_whole_file(const fs::path& path, std::string_view content) {
  const fs::path draft = draft_of(path);
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(draft.c_str(), "wbe"));
  if (file == nullptr) return disk_error("cannot be created", draft);
  if (std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() ||
      std::fflush(file.get()) != 0 || ::fsync(::fileno(file.get())) != 0)
    return disk_error("cannot be written", draft);
  if (std::rename(draft.c_str(), path.c_str()) != 0) return disk_error("cannot be renamed", draft);
  return {};
}

Result<std::optional<std::string>> read_whole_file(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) {
    if (code) return external_error("cannot be looked for: " + code.message(), path.string());
    return std::optional<std::string>();
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  // Of an empty file nothing can be inserted, which is no error.
  if (file && file.peek() != std::ifstream::traits_type::eof()) content << file.rdbuf();
  if (file.bad() || !file.is_open() || !content) return disk_error("cannot be read", path);
  return std::optional(content.str());
}

}  // namespace eddy

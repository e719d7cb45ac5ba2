#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace eddy {

/// A file's bytes, mapped into memory for reading. Move-only; the bytes live as long as the last owner. A
/// file that is cut while it is mapped ends the process when its end is read: read it and let it go.
class MappedFile {
 public:
  /// Errors: there is no such file, or it is none (user's); the system does not map it (external).
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  MappedFile(void* data, std::size_t size) : data_(data), size_(size) {}

  void* data_ = nullptr;  // null: the file is empty
  std::size_t size_ = 0;
};

}  // namespace eddy

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace eddy {

/// Bytes put aside on disk, to be read again in any order: a file without a name, which is gone when this is.
/// Written through one buffer of 1 MiB. One thread at a time.
class ContentSpool {
 public:
  /// A file in `directory`. Error (user's): no such directory, or no right to write there.
  static Result<ContentSpool> open(const std::filesystem::path& directory);
  ContentSpool(ContentSpool&& other) noexcept;
  ContentSpool& operator=(ContentSpool&&) = delete;
  ContentSpool(const ContentSpool&) = delete;
  ContentSpool& operator=(const ContentSpool&) = delete;
  ~ContentSpool();

  /// Appends some bytes (less than 4 GiB) and returns where they are. Error (external): the disk is full or
  /// failed.
  Result<std::uint64_t> append(std::string_view bytes);
  /// Before the first read and after the last append.
  Result<void> flush();
  /// What was appended at `offset`; `guess`: how many bytes it may be. Error (external).
  Result<void> read(std::uint64_t offset, std::size_t guess, std::string& bytes) const;

  /// Bytes on disk.
  [[nodiscard]] std::uint64_t size() const { return written_ + buffer_.size(); }

 private:
  ContentSpool(std::string directory, int file) : directory_(std::move(directory)), file_(file) {}
  Result<void> read_exactly(std::uint64_t offset, char* to, std::size_t size) const;

  std::string directory_;
  int file_ = -1;
  std::uint64_t written_ = 0;
  std::string buffer_;
};

}  // namespace eddy

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace eddy {

/// The uncompressed bytes of a file, whatever it is stored as. One thread at a time.
class ByteStream {
 public:
  /// "-" is the standard input. Error (user's): no such file, no right to read it, a directory.
  static Result<std::unique_ptr<ByteStream>> open(const std::string& path);
  virtual ~ByteStream() = default;

  /// Up to `size` bytes; 0: the end; nothing: none came within the time (pipes and terminals only).
  virtual Result<std::optional<std::size_t>> read(char* to, std::size_t size,
                                                  std::chrono::milliseconds timeout) = 0;
  /// Goes to `offset` of the uncompressed bytes; before the first read only. Error (user's): there are fewer.
  virtual Result<void> seek(std::int64_t offset) = 0;
  /// Stored bytes read so far, and in all (0: unknown).
  [[nodiscard]] virtual std::uint64_t stored_read() const = 0;
  [[nodiscard]] virtual std::uint64_t stored_total() const = 0;
};

}  // namespace eddy

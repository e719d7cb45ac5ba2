#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace eddy {

/// One line of a file.
struct Line {
  std::string_view text;      ///< without its line end; LineReader::kPadding readable bytes follow
  std::int64_t offset = 0;    ///< of its first byte, in the uncompressed file
  bool is_oversized = false;  ///< longer than the limit: `text` is only its beginning
};

/// Reads a file line by line through one large buffer: plain, gzip (known by its first bytes), or "-" for the
/// standard input (plain). Lines end with \n or \r\n; the last one need not. Empty lines are passed over.
/// One thread at a time.
class LineReader {
 public:
  enum class Status : std::uint8_t {
    kLine,  ///< there is a line
    kWait,  ///< a pipe or terminal gave nothing within the time
    kEnd,   ///< the end of the file
  };

  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kOversizedKept = 4096;

  /// Error (user's): no such file, no right to read it, a directory.
  static Result<std::unique_ptr<LineReader>> open(const std::string& path, std::size_t longest_line);
  virtual ~LineReader() = default;

  /// From now on next() gives the lines that begin at or after `offset` (uncompressed bytes). Call it before
  /// next(). Error (user's): the file is shorter, or cannot be positioned.
  virtual Result<void> start_at(std::int64_t offset) = 0;
  /// `line` is valid until the next call. Error: the disk failed, or gzip data are broken or cut off.
  virtual Result<Status> next(Line& line, std::chrono::milliseconds timeout) = 0;
  /// Bytes of the stored (compressed) file that were read, and its size; size 0 if unknown.
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
  [[nodiscard]] virtual std::uint64_t bytes_total() const = 0;
};

}  // namespace eddy

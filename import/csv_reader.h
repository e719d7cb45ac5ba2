#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace eddy {

class ByteStream;

/// Reads a CSV file row by row, plain or gzip, through one buffer. Strict:
///
///     file   = header { line end row } [ line end ]        empty lines are passed over
///     row    = field { "," field }                         as many as the header has
///     field  = { any but , " CR LF } | '"' { any but " | '""' } '"'
///
/// A quoted field may hold line ends. The columns that are asked for may stand in any order, among others. A
/// byte order mark and CR before LF are passed over. One thread at a time.
class CsvReader {
 public:
  static constexpr std::size_t kLongestRow = 16U << 20U;

  /// Error (user's): no such file, or a header that lacks a column or has one twice.
  static Result<CsvReader> open(const std::filesystem::path& file, std::vector<std::string> columns);
  CsvReader(CsvReader&&) noexcept;
  CsvReader& operator=(CsvReader&&) noexcept;
  ~CsvReader();

  /// Goes to the next row; false: there is none. Error (user's): a row that is broken, too long, or has
  /// another number of fields than the header; gzip data that are broken; (external): the disk failed.
  Result<bool> next();
  /// The row's fields of the columns that were asked for, in that order; valid until next().
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
  /// The line in which the row begins, from 1.
  [[nodiscard]] std::uint32_t line() const { return row_line_; }
  /// "FILE:LINE" of the row.
  [[nodiscard]] std::string place() const;
  /// A user's error at a field of the row, with file, line and column.
  [[nodiscard]] Error field_error(std::size_t field, const std::string& what) const;

  /// Stored (compressed) bytes read so far.
  [[nodiscard]] std::uint64_t bytes_read() const;

 private:
  CsvReader(std::string file, std::unique_ptr<ByteStream> stream, std::vector<std::string> columns);

  Result<void> read_header();
  Result<bool> next_row();
  Result<bool> find_row_end();
  Result<void> fill();
  Result<void> split();
  Result<std::string_view> unquote(std::size_t& at);
  [[nodiscard]] Error row_error(const std::string& what) const;

  std::string file_;
  std::unique_ptr<ByteStream> stream_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> places_;  ///< of the columns in a row
  std::size_t fields_of_a_row_ = 0;

  // [begin_, end_) of the buffer is read and not yet given; the row is [begin_, row_end_) of it, without its
  // line end.
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0, row_end_ = 0, next_begin_ = 0;
  bool is_at_end_ = false;
  std::uint32_t row_line_ = 0, next_line_ = 1;
  std::vector<std::string_view> row_, fields_;
};

}  // namespace eddy

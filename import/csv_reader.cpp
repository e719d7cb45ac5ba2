#include "import/csv_reader.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "pipeline/file/byte_stream.h"

namespace eddy {

namespace {

constexpr std::size_t kFirstBuffer = 1U << 20U;
constexpr std::chrono::milliseconds kNoTimeout{0};  // files always answer
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kLargeFilePointer = "version https://git-lfs";

std::string joined(const std::vector<std::string>& names) {
  // Of the hundreds of columns of numbers the first ones are enough to know the file by.
  constexpr std::size_t kMostNames = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i) text += (i == 0 ? "" : ",") + names[i];
  return names.size() > kMostNames ? text + ",…," + names.back() : text;
}

}  // namespace

CsvReader::CsvReader(std::string file, std::unique_ptr<ByteStream> stream, std::vector<std::string> columns)
    : file_(std::move(file)),
      stream_(std::move(stream)),
      columns_(std::move(columns)),
      buffer_(kFirstBuffer),
      fields_(columns_.size()) {}

CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

Result<CsvReader> CsvReader::open(const std::filesystem::path& file, std::vector<std::string> columns) {
  EDDY_ASSIGN(auto stream, ByteStream::open(file.string()));
  CsvReader reader(file.string(), std::move(stream), std::move(columns));
  EDDY_TRY(reader.read_header());
  return reader;
}

std::uint64_t CsvReader::bytes_read() const {
  return stream_->stored_read();
}

std::string CsvReader::place() const {
  return file_ + ":" + std::to_string(row_line_);
}

Error CsvReader::row_error(const std::string& what) const {
  return user_error(what, place());
}

Error CsvReader::field_error(std::size_t field, const std::string& what) const {
  return row_error("column '" + columns_[field] + "': " + what);
}

Result<void> CsvReader::read_header() {
  EDDY_ASSIGN(const bool has_header, next_row());
  if (!has_header)
    return user_error("is empty; its first line must name the columns " + joined(columns_), file_);
  if (row_.front().starts_with(kLargeFilePointer)) {
    return row_error("is a pointer of Git LFS, not the data; get them with 'git lfs pull'");
  }
  for (const std::string& column : columns_) {
    const auto found = std::find(row_.begin(), row_.end(), column);
    if (found == row_.end()) {
      return row_error("the column '" + column + "' is missing; the first line must name " +
                       joined(columns_));
    }
    if (std::find(found + 1, row_.end(), column) != row_.end()) {
      return row_error("the column '" + column + "' is there twice");
    }
    places_.push_back(static_cast<std::size_t>(found - row_.begin()));
  }
  fields_of_a_row_ = row_.size();
  return {};
}

Result<bool> CsvReader::next() {
  EDDY_ASSIGN(const bool has_row, next_row());
  if (!has_row) return false;
  if (row_.size() != fields_of_a_row_) {
    return row_error("has " + std::to_string(row_.size()) + " fields, but the header has " +
                     std::to_string(fields_of_a_row_) + "; the file may be cut off or edited: get it again");
  }
  for (std::size_t i = 0; i < places_.size(); ++i) fields_[i] = row_[places_[i]];
  return true;
}

Result<bool> CsvReader::next_row() {
  for (;;) {
    begin_ = next_begin_;
    row_line_ = next_line_;
    EDDY_ASSIGN(const bool has_row, find_row_end());
    if (!has_row) return false;
    if (row_line_ == 1 && std::string_view(&buffer_[begin_], row_end_ - begin_).starts_with(kByteOrderMark)) {
      begin_ += kByteOrderMark.size();
    }
    if (row_end_ > begin_ && buffer_[row_end_ - 1] == '\r') --row_end_;
    if (row_end_ == begin_) continue;
    EDDY_TRY(split());
    return true;
  }
}

/// Finds the line end that is in no quotes, and counts the lines up to it.
Result<bool> CsvReader::find_row_end() {
  std::size_t at = begin_;
  bool is_quoted = false;
  for (;;) {
    const char* from = buffer_.data() + at;
    const auto* found = static_cast<const char*>(std::memchr(from, '\n', end_ - at));
    const std::size_t stop = found == nullptr ? end_ : static_cast<std::size_t>(found - buffer_.data());
    if (std::count(from, from + (stop - at), '"') % 2 != 0) is_quoted = !is_quoted;
    at = stop;
    if (found != nullptr) {
      ++next_line_;
      ++at;
      if (is_quoted) continue;
      row_end_ = stop;
      next_begin_ = at;
      return true;
    }
    if (is_at_end_) {
      if (is_quoted) return row_error("a quote is not closed before the end of the file");
      row_end_ = next_begin_ = end_;
      return end_ > begin_;
    }
    if (end_ - begin_ > kLongestRow) {
      return row_error("is longer than 16 MiB; a quote may be missing, or this is no CSV file");
    }
    at -= begin_;
    EDDY_TRY(fill());
    at += begin_;
  }
}

/// Reads more bytes behind end_; the row goes to the front of the buffer.
Result<void> CsvReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ > buffer_.size() / 2) buffer_.resize(buffer_.size() * 2);
  EDDY_ASSIGN(const auto got, stream_->read(buffer_.data() + end_, buffer_.size() - end_, kNoTimeout));
  is_at_end_ = got && *got == 0;
  end_ += got.value_or(0);
  return {};
}

Result<void> CsvReader::split() {
  row_.clear();
  std::size_t at = begin_;
  for (;;) {
    if (at < row_end_ && buffer_[at] == '"') {
      EDDY_ASSIGN(const std::string_view field, unquote(at));
      row_.push_back(field);
    } else {
      const char* from = buffer_.data() + at;
      const auto* comma = static_cast<const char*>(std::memchr(from, ',', row_end_ - at));
      const std::size_t size = comma == nullptr ? row_end_ - at : static_cast<std::size_t>(comma - from);
      row_.emplace_back(from, size);
      at += size;
      if (std::memchr(from, '"', size) != nullptr) {
        return row_error("field " + std::to_string(row_.size()) +
                         " holds a quote, but does not begin with one");
      }
    }
    if (at == row_end_) return {};
    ++at;  // the comma
  }
}

/// `at`: from the quote that opens the field to what follows the one that closes it, which is a comma or the
/// row's end. Doubled quotes become one, in place.
Result<std::string_view> CsvReader::unquote(std::size_t& at) {
  const std::size_t from = ++at;
  std::size_t to = from;
  for (; at < row_end_; ++at) {
    if (buffer_[at] == '"') {
      if (at + 1 == row_end_ || buffer_[at + 1] != '"') break;
      ++at;
    }
    buffer_[to++] = buffer_[at];
  }
  const std::string which = std::to_string(row_.size() + 1);
  if (at == row_end_) return row_error("field " + which + " opens a quote and does not close it");
  ++at;
  if (at < row_end_ && buffer_[at] != ',') {
    return row_error("field " + which + " goes on behind its closing quote");
  }
  return std::string_view(&buffer_[from], to - from);
}

}  // namespace eddy

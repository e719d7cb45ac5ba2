#include "pipeline/file/line_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pipeline/file/byte_stream.h"

namespace eddy {
namespace {

constexpr std::size_t kFirstBuffer = 1U << 20U;

/// The buffer holds the bytes [begin_, end_) of the file, of which the first is at `offset_`:
///
///     buffer:  | consumed | begin_ … end_ | free | kPadding |
class BufferedLineReader final : public LineReader {
 public:
  BufferedLineReader(std::unique_ptr<ByteStream> stream, std::size_t longest_line)
      : stream_(std::move(stream)), longest_line_(longest_line) {
    allocate(kFirstBuffer);
  }

  Result<void> start_at(std::int64_t offset) override {
    if (offset <= 0) return {};
    // The position may lie inside a line (just past its first byte, say): go one byte back and drop what is
    // left of the line there. If that byte is a line end, nothing is lost.
    EDDY_TRY(stream_->seek(offset - 1));
    offset_ = offset - 1;
    skipping_ = true;
    return {};
  }

  Result<Status> next(Line& line, std::chrono::milliseconds timeout) override {
    for (;;) {
      EDDY_ASSIGN(const Status status, next_raw(line, timeout));
      if (status != Status::kLine) return status;
      if (skipping_) {
        skipping_ = false;
        continue;
      }
      if (!line.text.empty() && line.text.back() == '\r') line.text.remove_suffix(1);
      if (!line.text.empty()) return Status::kLine;
    }
  }

  [[nodiscard]] std::uint64_t bytes_read() const override { return stream_->stored_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return stream_->stored_total(); }

 private:
  void allocate(std::size_t capacity) {
    auto larger = std::make_unique<char[]>(capacity + kPadding);
    if (end_ > begin_) std::memcpy(larger.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }

  /// Everything up to the next line end, empty lines too.
  Result<Status> next_raw(Line& line, std::chrono::milliseconds timeout) {
    for (;;) {
      const char* from = buffer_.get() + begin_ + searched_;
      const auto* end = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_ - searched_));
      if (end != nullptr) {
        take(line, static_cast<std::size_t>(end - buffer_.get()) - begin_, 1);
        return Status::kLine;
      }
      searched_ = end_ - begin_;
      if (searched_ > longest_line_) drop_middle();
      if (at_end_) {
        if (begin_ == end_ && dropped_ == 0) return Status::kEnd;
        take(line, end_ - begin_, 0);
        return Status::kLine;
      }
      EDDY_ASSIGN(const bool came, fill(timeout));
      if (!came) return Status::kWait;
    }
  }

  void take(Line& line, std::size_t size, std::size_t line_end) {
    const std::size_t whole = size + dropped_;
    line.is_oversized = whole > longest_line_;
    line.text = {buffer_.get() + begin_, line.is_oversized ? std::min(size, kOversizedKept) : size};
    line.offset = offset_;
    offset_ += static_cast<std::int64_t>(whole + line_end);
    begin_ += size + line_end;
    searched_ = 0;
    dropped_ = 0;
  }

  /// Of a line beyond the limit only the beginning is kept, so that memory stays bounded.
  void drop_middle() {
    const std::size_t dropped = searched_ - kOversizedKept;
    dropped_ += dropped;
    end_ -= dropped;
    searched_ = kOversizedKept;
  }

  /// Reads more bytes behind end_; false: none came in time.
  Result<bool> fill(std::chrono::milliseconds timeout) {
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ > capacity_ / 2) allocate(capacity_ * 2);
    EDDY_ASSIGN(const auto got, stream_->read(buffer_.get() + end_, capacity_ - end_, timeout));
    if (!got) return false;
    at_end_ = *got == 0;
    end_ += *got;
    return true;
  }

  std::unique_ptr<ByteStream> stream_;
  std::size_t longest_line_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  std::size_t searched_ = 0;  ///< bytes from begin_ on that hold no line end
  std::size_t dropped_ = 0;   ///< bytes of the present line that were read and not kept
  std::int64_t offset_ = 0;
  bool skipping_ = false;
  bool at_end_ = false;
};

}  // namespace

Result<std::unique_ptr<LineReader>> LineReader::open(const std::string& path, std::size_t longest_line) {
  EDDY_ASSIGN(auto stream, ByteStream::open(path));
  return std::make_unique<BufferedLineReader>(std::move(stream), std::max(longest_line, kOversizedKept));
}

}  // namespace eddy

#include "pipeline/file/file_sink.h"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/annotated_mutex.h"
#include "event/json_writer.h"
#include "pipeline/file/dead_letter_json.h"

namespace eddy {
namespace {

constexpr std::size_t kBufferBytes = 256U << 10U;

Error cannot(const char* what, const std::string& path, int code) {
  std::string message = std::string("cannot ") + what + ": " + std::strerror(code);
  const bool is_users =
      code == ENOENT || code == EACCES || code == EISDIR || code == ENOTDIR || code == EROFS;
  return is_users ? user_error(std::move(message), path) : external_error(std::move(message), path);
}

bool is_json_object(std::string_view line) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  return parser.parse(line.data(), line.size()).get(object) == simdjson::SUCCESS;
}

}  // namespace

class FileSink::Impl {
 public:
  explicit Impl(FileSinkOptions options) : options_(std::move(options)) {}
  ~Impl() {
    const MutexLock lock(mutex_);
    if (fd_ < 0) return;
    ignore_error(drain(), "a sink that matters is flushed and closed before it is destroyed");
    ::close(fd_);
  }

  Result<void> open() {
    const MutexLock lock(mutex_);
    if (fd_ >= 0) return {};
    fd_ = ::open(options_.path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd_ < 0) return cannot("open", options_.path, errno);
    buffer_.reserve(kBufferBytes);
    return mend_end();
  }

  Result<void> append(std::string_view line) {
    const MutexLock lock(mutex_);
    if (fd_ < 0) return internal_error("the sink is not open", options_.path);
    // What could not be written is gone from the buffer's promise: no later flush may succeed.
    if (failure_ != 0) return cannot("write", options_.path, failure_);
    buffer_ += line;
    buffer_ += '\n';
    return buffer_.size() < kBufferBytes ? Result<void>{} : drain();
  }

  Result<void> flush() {
    const MutexLock lock(mutex_);
    if (fd_ < 0) return internal_error("the sink is not open", options_.path);
    EDDY_TRY(drain());
    if (options_.sync && ::fdatasync(fd_) != 0) {
      failure_ = errno;
      return cannot("sync", options_.path, failure_);
    }
    return {};
  }

  Result<void> close() {
    const MutexLock lock(mutex_);
    if (fd_ < 0) return {};
    auto drained = drain();
    const int closed = ::close(std::exchange(fd_, -1));
    if (drained && closed != 0) return cannot("close", options_.path, errno);
    return drained;
  }

  [[nodiscard]] const std::string& path() const { return options_.path; }

 private:
  Result<void> drain() EDDY_REQUIRES(mutex_) {
    if (failure_ != 0) return cannot("write", options_.path, failure_);
    std::size_t written = 0;
    while (written < buffer_.size()) {
      const ssize_t put = ::write(fd_, buffer_.data() + written, buffer_.size() - written);
      if (put >= 0) {
        written += static_cast<std::size_t>(put);
      } else if (errno != EINTR) {
        failure_ = errno;
        return cannot("write", options_.path, failure_);
      }
    }
    buffer_.clear();
    return {};
  }

  /// A file that does not end with a line end was left by a crash (or came from elsewhere): whole records get
  /// their line end, halves are cut off.
  Result<void> mend_end() EDDY_REQUIRES(mutex_) {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) return cannot("open", options_.path, errno);
    if (!S_ISREG(status.st_mode) || status.st_size == 0) return {};
    std::string tail;
    off_t begin = status.st_size;
    std::size_t line_end = std::string::npos;
    while (begin > 0 && line_end == std::string::npos) {
      const auto size = static_cast<std::size_t>(std::min<off_t>(begin, 1U << 16U));
      std::string piece(size, '\0');
      begin -= static_cast<off_t>(size);
      if (::pread(fd_, piece.data(), size, begin) != static_cast<ssize_t>(size)) {
        return cannot("read", options_.path, errno);
      }
      tail.insert(0, piece);
      line_end = tail.rfind('\n');
    }
    const std::size_t last = line_end == std::string::npos ? 0 : line_end + 1;
    const std::string_view line = std::string_view(tail).substr(last);
    if (line.empty()) return {};
    if (is_json_object(line)) {
      buffer_ += '\n';
      return drain();
    }
    if (::ftruncate(fd_, begin + static_cast<off_t>(last)) != 0)
      return cannot("repair", options_.path, errno);
    return {};
  }

  const FileSinkOptions options_;

  Mutex mutex_;
  int fd_ EDDY_GUARDED_BY(mutex_) = -1;
  int failure_ EDDY_GUARDED_BY(mutex_) = 0;
  std::string buffer_ EDDY_GUARDED_BY(mutex_);
};

FileSink::FileSink(FileSinkOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
FileSink::~FileSink() = default;

Result<void> FileSink::open() {
  return impl_->open();
}

Result<void> FileSink::write(ShardId /*shard*/, std::string_view key, std::string_view value) {
  if (value.empty()) {
    std::string line = "{\"key\":";
    append_json_string(line, key);
    return impl_->append(line + ",\"value\":null}");
  }
  if (value.find('\n') != std::string_view::npos) {
    return internal_error("a value with a line end cannot be a JSON line", impl_->path());
  }
  return impl_->append(value);
}

Result<void> FileSink::write_dead_letter(const DeadLetter& letter) {
  return impl_->append(dead_letter_json(letter));
}
Result<void> FileSink::flush(ShardId /*shard*/) {
  return impl_->flush();
}
Result<void> FileSink::close() {
  return impl_->close();
}

}  // namespace eddy

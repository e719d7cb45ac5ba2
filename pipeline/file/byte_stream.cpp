#include "pipeline/file/byte_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace eddy {
namespace {

constexpr unsigned kGzipBuffer = 256U << 10U;

Error cannot(const char* what, const std::string& path) {
  const int code = errno;
  std::string message = std::string("cannot ") + what + ": " + std::strerror(code);
  const bool is_users = code == ENOENT || code == EACCES || code == EISDIR || code == ENOTDIR;
  return is_users ? user_error(std::move(message), path) : external_error(std::move(message), path);
}

Error too_short(const std::string& path, std::int64_t size, std::int64_t offset) {
  return user_error(
      "state and file do not fit: the state has read up to byte " + std::to_string(offset) +
          ", but the file has only " + std::to_string(size) +
          "; give the file that the state was made from, or start with an empty state directory",
      path);
}

/// Closes a file descriptor that it owns.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

class PlainStream final : public ByteStream {
 public:
  PlainStream(std::string path, Descriptor fd, bool is_regular, std::uint64_t size)
      : path_(std::move(path)), fd_(std::move(fd)), is_regular_(is_regular), size_(size) {}

  Result<std::optional<std::size_t>> read(char* to, std::size_t size,
                                          std::chrono::milliseconds timeout) override {
    if (!is_regular_) {
      pollfd waiting{fd_.get(), POLLIN, 0};
      const int ready = ::poll(&waiting, 1, static_cast<int>(timeout.count()));
      if (ready == 0 || (ready < 0 && errno == EINTR)) return std::optional<std::size_t>{};
      if (ready < 0) return cannot("wait for input", path_);
    }
    for (;;) {
      const ssize_t got = ::read(fd_.get(), to, size);
      if (got >= 0) {
        read_ += static_cast<std::uint64_t>(got);
        return std::optional<std::size_t>(static_cast<std::size_t>(got));
      }
      if (errno == EAGAIN) return std::optional<std::size_t>{};
      if (errno != EINTR) return cannot("read", path_);
    }
  }

  Result<void> seek(std::int64_t offset) override {
    if (offset == 0) return {};
    if (!is_regular_) {
      return user_error("a pipe cannot be read from byte " + std::to_string(offset) +
                            " on; start with an empty state directory",
                        path_);
    }
    if (static_cast<std::uint64_t>(offset) > size_) {
      return too_short(path_, static_cast<std::int64_t>(size_), offset);
    }
    if (::lseek(fd_.get(), offset, SEEK_SET) < 0) return cannot("seek", path_);
    read_ = static_cast<std::uint64_t>(offset);
    return {};
  }

  [[nodiscard]] std::uint64_t stored_read() const override { return read_; }
  [[nodiscard]] std::uint64_t stored_total() const override { return size_; }

 private:
  std::string path_;
  Descriptor fd_;
  bool is_regular_;
  std::uint64_t size_;
  std::uint64_t read_ = 0;
};

struct CloseGzip {
  void operator()(gzFile_s* file) const { ::gzclose_r(file); }
};

class GzipStream final : public ByteStream {
 public:
  GzipStream(std::string path, gzFile file, std::uint64_t size)
      : path_(std::move(path)), file_(file), size_(size) {
    ::gzbuffer(file, kGzipBuffer);
  }

  Result<std::optional<std::size_t>> read(char* to, std::size_t size,
                                          std::chrono::milliseconds /*timeout*/) override {
    const int got = ::gzread(file_.get(), to, static_cast<unsigned>(std::min<std::size_t>(size, 1U << 30U)));
    if (got < 0) return broken();
    if (got == 0) {
      int code = Z_OK;
      ::gzerror(file_.get(), &code);
      if (code != Z_OK && code != Z_STREAM_END) return broken();
    }
    return std::optional<std::size_t>(static_cast<std::size_t>(got));
  }

  Result<void> seek(std::int64_t offset) override {
    // Reading is the only way to learn how many bytes there are.
    char skipped[1U << 14U];
    for (std::int64_t at = 0; at < offset;) {
      const auto most = static_cast<std::size_t>(std::min<std::int64_t>(sizeof skipped, offset - at));
      EDDY_ASSIGN(const auto got, read(skipped, most, std::chrono::milliseconds(0)));
      if (*got == 0) return too_short(path_, at, offset);
      at += static_cast<std::int64_t>(*got);
    }
    return {};
  }

  [[nodiscard]] std::uint64_t stored_read() const override {
    const auto at = ::gzoffset(file_.get());
    return at < 0 ? 0 : static_cast<std::uint64_t>(at);
  }
  [[nodiscard]] std::uint64_t stored_total() const override { return size_; }

 private:
  [[nodiscard]] Error broken() const {
    int code = Z_OK;
    const char* text = ::gzerror(file_.get(), &code);
    if (code == Z_ERRNO) return cannot("read", path_);
    return user_error("the gzip data are broken or cut off (" + std::string(text) + "); get the file again",
                      path_);
  }

  std::string path_;
  std::unique_ptr<gzFile_s, CloseGzip> file_;
  std::uint64_t size_;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> ByteStream::open(const std::string& path) {
  if (path == "-") return std::make_unique<PlainStream>("standard input", Descriptor(STDIN_FILENO), false, 0);
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return cannot("open", path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return cannot("open", path);
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return cannot("open", path);
  }
  const bool is_regular = S_ISREG(status.st_mode);
  const auto size = is_regular ? static_cast<std::uint64_t>(status.st_size) : 0;
  unsigned char magic[2] = {0, 0};
  const bool is_gzip =
      is_regular && ::pread(fd.get(), magic, sizeof magic, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  if (!is_gzip) return std::make_unique<PlainStream>(path, std::move(fd), is_regular, size);
  const gzFile file = ::gzdopen(fd.get(), "rb");
  if (file == nullptr) return external_error("no memory to decompress", path);
  fd.release();
  return std::make_unique<GzipStream>(path, file, size);
}

}  // namespace eddy

#include "import/content_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace eddy {

namespace {

constexpr std::size_t kBuffer = 1U << 20U;

/// Each piece: its size, then its bytes.
using PieceSize = std::uint32_t;

Error failure(const std::string& what, const std::string& directory, int code) {
  const std::string hint = code == ENOSPC ? "; name a directory with more room by --scratch" : "";
  return external_error(what + ": " + std::strerror(code) + hint, directory);
}

}  // namespace

ContentSpool::ContentSpool(ContentSpool&& other) noexcept
    : directory_(std::move(other.directory_)),
      file_(std::exchange(other.file_, -1)),
      written_(other.written_),
      buffer_(std::move(other.buffer_)) {}

ContentSpool::~ContentSpool() {
  if (file_ >= 0) ::close(file_);
}

Result<ContentSpool> ContentSpool::open(const std::filesystem::path& directory) {
  std::string name = (directory / "eddy-import-XXXXXX").string();
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) {
    return user_error("no file can be made to put contents aside: " + std::string(std::strerror(errno)) +
                          "; name a directory that can be written by --scratch",
                      directory.string());
  }
  ContentSpool spool(directory.string(), file);
  if (::unlink(name.c_str()) != 0) return failure("cannot unlink " + name, directory.string(), errno);
  return spool;
}

Result<std::uint64_t> ContentSpool::append(std::string_view bytes) {
  const std::uint64_t offset = size();
  const auto count = static_cast<PieceSize>(bytes.size());
  buffer_.append(reinterpret_cast<const char*>(&count), sizeof count);
  buffer_.append(bytes);
  if (buffer_.size() >= kBuffer) EDDY_TRY(flush());
  return offset;
}

Result<void> ContentSpool::flush() {
  for (std::size_t done = 0; done < buffer_.size();) {
    const ssize_t put = ::write(file_, buffer_.data() + done, buffer_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure("contents cannot be put aside", directory_, errno);
    done += static_cast<std::size_t>(put);
  }
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<void> ContentSpool::read(std::uint64_t offset, std::size_t guess, std::string& bytes) const {
  const std::uint64_t rest = written_ - offset;
  bytes.resize(std::min<std::uint64_t>(guess + sizeof(PieceSize), rest));
  EDDY_TRY(read_exactly(offset, bytes.data(), bytes.size()));
  PieceSize count = 0;
  std::memcpy(&count, bytes.data(), sizeof count);
  const std::size_t got = bytes.size();
  const std::size_t whole = count + sizeof count;
  bytes.resize(whole);
  if (whole > got) EDDY_TRY(read_exactly(offset + got, bytes.data() + got, whole - got));
  bytes.erase(0, sizeof count);
  return {};
}

Result<void> ContentSpool::read_exactly(std::uint64_t offset, char* to, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = ::pread(file_, to, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("what was put aside cannot be read", directory_, errno);
    if (got == 0) return internal_error("what was put aside is shorter than it was", directory_);
    to += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace eddy

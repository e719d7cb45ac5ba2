#include "app/demo/event_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace eddy {
namespace {

constexpr int kPatienceMilliseconds = 50;

Error failure(const char* what, const std::filesystem::path& path) {
  return external_error(std::string(what) + ": " + std::strerror(errno), path.string());
}

}  // namespace

Result<std::unique_ptr<EventPipe>> EventPipe::make(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failure("the old pipe cannot be removed", path);
  if (::mkfifo(path.c_str(), 0600) != 0) return failure("the pipe cannot be made", path);
  // Read and write: opening never waits for the other side, and a reader that goes away is no signal.
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return failure("the pipe cannot be opened", path);
  return std::unique_ptr<EventPipe>(new EventPipe(path, descriptor));
}

EventPipe::~EventPipe() {
  close();
  // Nobody can use it any more; a pipe that stays is removed by the next one.
  static_cast<void>(::unlink(path_.c_str()));
}

Result<bool> EventPipe::write_line(std::string line, const std::function<bool()>& gives_up) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written > 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return failure("the pipe cannot be written", path_);
    if (gives_up()) return false;
    pollfd waiting{descriptor_, POLLOUT, 0};
    if (::poll(&waiting, 1, kPatienceMilliseconds) < 0 && errno != EINTR) return failure("no pipe", path_);
  }
  return true;
}

void EventPipe::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace eddy

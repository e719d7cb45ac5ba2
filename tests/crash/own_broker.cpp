#include "crash/own_broker.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace eddy {
namespace {

std::string first_line_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Whether the process, which need not be a child, ends in that time.
bool ends_within(pid_t pid, std::chrono::milliseconds time) {
  const int file = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (file < 0) return true;
  pollfd ended = {file, POLLIN, 0};
  const int count = ::poll(&ended, 1, static_cast<int>(time.count()));
  ::close(file);
  return count > 0;
}

}  // namespace

OwnBroker::OwnBroker(std::filesystem::path directory) : directory_(std::move(directory)) {
  start();
}

OwnBroker::~OwnBroker() {
  kill();
}

void OwnBroker::start() {
  std::filesystem::create_directories(directory_);
  const std::string log = (directory_ / "start.log").string();
  const std::string command = std::string("'") + EDDY_SOURCE_DIR + "/dev' kafka start --port " + port_ +
                              " --dir '" + directory_.string() + "' >'" + log + "' 2>&1 </dev/null";
  if (std::system(command.c_str()) != 0) {
    std::ostringstream text;
    text << std::ifstream(log).rdbuf();
    throw std::runtime_error("no broker of one's own: " + text.str());
  }
  port_ = first_line_of(directory_ / "port");
  pid_ = static_cast<pid_t>(std::stol(first_line_of(directory_ / "pid")));
  set_guard();
}

void OwnBroker::set_guard() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  guard_ = ::fork();
  if (guard_ == 0) {
    // Only what is safe in the child of a program with threads. A test's interrupt must not end the guard.
    ::setsid();
    ::close(ends[1]);
    char byte = 0;
    if (::read(ends[0], &byte, 1) == 0) ::kill(pid_, SIGKILL);
    ::_exit(0);
  }
  ::close(ends[0]);
  guard_pipe_ = ends[1];
}

void OwnBroker::end_guard() {
  if (guard_ < 0) return;
  const char byte = 0;
  static_cast<void>(!::write(guard_pipe_, &byte, 1));
  ::close(guard_pipe_);
  ::waitpid(guard_, nullptr, 0);
  guard_ = -1;
}

void OwnBroker::kill() {
  if (pid_ < 0) return;
  end_guard();
  ::kill(pid_, SIGKILL);
  if (!ends_within(pid_, std::chrono::seconds(30))) throw std::runtime_error("the broker does not end");
  pid_ = -1;
}

void OwnBroker::freeze_for(std::chrono::milliseconds time) {
  ::kill(pid_, SIGSTOP);
  const bool has_ended = ends_within(pid_, time);
  ::kill(pid_, SIGCONT);
  if (has_ended) throw std::runtime_error("the frozen broker has ended");
}

}  // namespace eddy

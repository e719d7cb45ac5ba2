#include "crash/eddy_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <system_error>

extern char** environ;

namespace eddy {
namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

/// "NAME=value" of the test's own environment, with the process's over it.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& own) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!own.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : own) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const ProcessEnd& end) {
  if (end.signal != 0) return out << "ended by signal " << end.signal;
  return out << "exit status " << end.code;
}

EddyProcess::EddyProcess(const Command& command) : log_(command.log), log_start_(size_of(command.log)) {
  std::vector<std::string> arguments = {EDDY_PROGRAM};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment = environment_with(command.environment);
  const std::vector<char*> argv = pointers_to(arguments);
  const std::vector<char*> envp = pointers_to(environment);
  const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) throw_errno("the process's log");
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    // Between fork and exec only what is safe there: the test has threads.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(log);
  if (pid_ < 0) throw_errno("fork");
  pid_file_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pid_file_ < 0) throw_errno("pidfd_open");
}

EddyProcess::~EddyProcess() {
  kill();
  ::close(pid_file_);
}

void EddyProcess::send(int signal) {
  if (!has_ended()) ::kill(pid_, signal);
}

void EddyProcess::kill() {
  send(SIGKILL);
  while (!wait(std::chrono::seconds(1))) {
  }
}

std::optional<ProcessEnd> EddyProcess::stop(std::chrono::milliseconds deadline) {
  send(SIGTERM);
  return wait(deadline);
}

std::optional<ProcessEnd> EddyProcess::wait(std::chrono::milliseconds deadline) {
  if (end_) return end_;
  pollfd ended = {pid_file_, POLLIN, 0};
  if (::poll(&ended, 1, static_cast<int>(deadline.count())) <= 0) return std::nullopt;
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) throw_errno("waitpid");
  end_ = WIFSIGNALED(status) ? ProcessEnd{-1, WTERMSIG(status)} : ProcessEnd{WEXITSTATUS(status), 0};
  return end_;
}

std::string EddyProcess::output() const {
  std::ifstream file(log_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(log_start_));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string EddyProcess::last_line() const {
  std::string text = output();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);  // npos + 1 is the beginning
}

}  // namespace eddy

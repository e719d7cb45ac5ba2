#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace eddy {

/// How a process ended.
struct ProcessEnd {
  int code = -1;   ///< exit status; -1 where a signal ended it
  int signal = 0;  ///< the signal that ended it; 0 where it exited

  friend bool operator==(const ProcessEnd&, const ProcessEnd&) = default;
};
std::ostream& operator<<(std::ostream& out, const ProcessEnd& end);

/// The program `eddy` as a process of its own, which ends with this object, or with the test, at the latest.
/// One thread, which must not end before this object does.
class EddyProcess {
 public:
  struct Command {
    std::vector<std::string> arguments;              ///< "run", "eddy.yaml"
    std::map<std::string, std::string> environment;  ///< beside the test's own
    std::filesystem::path log;                       ///< gets standard output and standard error, appended
  };

  /// Starts it. Throws std::system_error where the system cannot.
  explicit EddyProcess(const Command& command);
  ~EddyProcess();
  EddyProcess(const EddyProcess&) = delete;
  EddyProcess& operator=(const EddyProcess&) = delete;

  /// SIGTERM, SIGSTOP and so on; nothing where it has ended already.
  void send(int signal);
  /// SIGKILL, and returns when it has gone.
  void kill();
  /// SIGTERM, and waits: it drains and commits.
  std::optional<ProcessEnd> stop(std::chrono::milliseconds deadline = std::chrono::seconds(60));
  /// Waits for its end; nothing if the time passes before.
  std::optional<ProcessEnd> wait(std::chrono::milliseconds deadline);
  [[nodiscard]] bool has_ended() { return wait(std::chrono::milliseconds(0)).has_value(); }

  /// The last line that this process has written; empty if it has written none.
  [[nodiscard]] std::string last_line() const;
  /// All that this process has written.
  [[nodiscard]] std::string output() const;

 private:
  const std::filesystem::path log_;
  const std::uintmax_t log_start_;
  pid_t pid_ = -1;
  int pid_file_ = -1;  ///< becomes readable when the process ends
  std::optional<ProcessEnd> end_;
};

}  // namespace eddy

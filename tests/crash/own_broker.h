#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace eddy {

/// A Kafka broker of the test's own, for proofs that kill or freeze it. It ends with this object, or with the
/// test, at the latest. Throws std::runtime_error where it does not start: that is a broken test bench.
class OwnBroker {
 public:
  /// Starts one on a free port, with its data below `directory`; returns when it answers.
  explicit OwnBroker(std::filesystem::path directory);
  ~OwnBroker();
  OwnBroker(const OwnBroker&) = delete;
  OwnBroker& operator=(const OwnBroker&) = delete;

  /// "127.0.0.1:port"; stays the same over a restart.
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + port_; }

  /// SIGKILL, and returns when it has gone.
  void kill();
  /// After kill(): returns when it answers again, with the data that it had.
  void restart() { start(); }
  /// SIGSTOP, and SIGCONT after that time.
  void freeze_for(std::chrono::milliseconds time);

 private:
  void start();
  void set_guard();
  void end_guard();

  const std::filesystem::path directory_;
  std::string port_ = "0";
  pid_t pid_ = -1;
  pid_t guard_ = -1;     ///< kills the broker if the test ends without doing so
  int guard_pipe_ = -1;  ///< its closing wakes the guard
};

}  // namespace eddy

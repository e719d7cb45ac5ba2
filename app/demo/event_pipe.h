#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace eddy {

/// A named pipe that a file source can read while it is written: events at whatever pace. One thread.
class EventPipe {
 public:
  /// Makes the pipe, in the place of one that was left there. Error (external).
  static Result<std::unique_ptr<EventPipe>> make(const std::filesystem::path& path);
  /// Ends the input and removes the pipe.
  ~EventPipe();
  EventPipe(const EventPipe&) = delete;
  EventPipe& operator=(const EventPipe&) = delete;

  /// Writes a line, waiting while the reader is behind. False if `gives_up` became true while it waited.
  Result<bool> write_line(std::string line, const std::function<bool()>& gives_up);
  /// The reader comes to the end of its input. May be called twice.
  void close();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  EventPipe(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace eddy

#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace eddy {

/// What a command that was typed said, and how it ended.
struct Outcome {
  int code = -1;
  std::string text;  ///< standard output; with `2>&1` in the arguments standard error too
};

/// `eddy ARGUMENTS` in a shell; EDDY_PROGRAM is the program.
inline Outcome eddy(const std::string& arguments) {
  Outcome outcome;
  std::string line(EDDY_PROGRAM);
  line.append(" ").append(arguments);
  FILE* pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> bytes;
  for (std::size_t got; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    outcome.text.append(bytes.data(), got);
  }
  outcome.code = WEXITSTATUS(::pclose(pipe));
  return outcome;
}

}  // namespace eddy

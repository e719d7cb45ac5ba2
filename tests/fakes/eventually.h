// Waiting for a condition, with a deadline instead of a sleep.
#pragma once

#include <chrono>
#include <thread>

namespace eddy {

/// Waits until the condition holds; false after a minute.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace eddy

#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/sink.h"

namespace eddy {

/// A sink that keeps what it gets, can be held up, and can be made to fail.
class MemorySink final : public Sink {
 public:
  Result<void> open() override { return {}; }
  Result<void> write(ShardId /*shard*/, std::string_view key, std::string_view value) override {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return !is_held_up_; });
    if (fails_) return external_error("the sink is full; make room");
    written_.emplace_back(key, value);
    return {};
  }
  Result<void> write_dead_letter(const DeadLetter& letter) override {
    const std::lock_guard lock(mutex_);
    dead_letters_.push_back(letter);
    return {};
  }
  Result<void> flush(ShardId /*shard*/) override {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return !is_held_up_; });
    return {};
  }
  Result<void> close() override { return {}; }

  void hold_up() {
    const std::lock_guard lock(mutex_);
    is_held_up_ = true;
  }
  void let_go() {
    {
      const std::lock_guard lock(mutex_);
      is_held_up_ = false;
    }
    opened_.notify_all();
  }
  void fail() {
    const std::lock_guard lock(mutex_);
    fails_ = true;
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> written() const {
    const std::lock_guard lock(mutex_);
    return written_;
  }
  [[nodiscard]] std::vector<DeadLetter> dead_letters() const {
    const std::lock_guard lock(mutex_);
    return dead_letters_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable opened_;
  bool is_held_up_ = false, fails_ = false;
  std::vector<std::pair<std::string, std::string>> written_;
  std::vector<DeadLetter> dead_letters_;
};

}  // namespace eddy

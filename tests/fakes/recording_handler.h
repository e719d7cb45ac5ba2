#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/source.h"

namespace eddy {

/// One record as a source handed it over.
struct RecordedRecord {
  std::int32_t shard = 0;
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;
  bool has_key = false;
  std::string value;

  friend bool operator==(const RecordedRecord&, const RecordedRecord&) = default;
};

/// Keeps everything that a source says. To be read by the polling thread; on_assigned() may come on several.
class RecordingHandler final : public SourceHandler {
 public:
  /// What on_assigned() gives: the part that belongs to the shard.
  Positions stored;
  /// If set, on_assigned() fails with it.
  std::string assign_failure;
  /// Called at the end of each on_record().
  std::function<void()> after_record;

  std::vector<RecordedRecord> records;
  std::vector<std::string> refusals;
  std::map<std::int32_t, int> assigned, started, revoked;
  Positions starts;

  void on_record(ShardId shard, SourcePosition position, std::string_view key, bool has_key,
                 std::string_view value) override {
    records.push_back({shard.value(), position.topic.str(), position.partition, position.offset,
                       std::string(key), has_key, std::string(value)});
    if (after_record) after_record();
  }
  Result<Positions> on_assigned(ShardId shard) override {
    {
      const std::lock_guard lock(assigned_mutex_);
      ++assigned[shard.value()];
    }
    if (!assign_failure.empty()) return external_error(assign_failure);
    Positions own;
    for (const auto& [partition, offset] : stored) {
      if (partition.second == shard.value()) own[partition] = offset;
    }
    return own;
  }
  void on_started(ShardId shard, const Positions& positions) override {
    ++started[shard.value()];
    starts.insert(positions.begin(), positions.end());
  }
  void on_refused(ShardId shard, SourcePosition position, std::string_view first_bytes,
                  std::string_view reason) override {
    refusals.emplace_back(reason);
    SourceHandler::on_refused(shard, position, first_bytes, reason);
  }
  Result<void> on_revoked(ShardId shard) override {
    ++revoked[shard.value()];
    return {};
  }

  /// Where to go on after all records so far: as a pipeline stores it.
  [[nodiscard]] Positions next_positions() const {
    Positions next = starts;
    for (const RecordedRecord& record : records) next[{record.topic, record.partition}] = record.offset + 1;
    return next;
  }

 private:
  std::mutex assigned_mutex_;
};

/// A Result without error; says the error where there is one.
MATCHER(Succeeds, "succeeds") {
  if (!arg) *result_listener << to_string(arg.error());
  return static_cast<bool>(arg);
}

/// Polls until the source ends. Error: the first that is not to be retried, or "too long".
inline Result<void> drain(Source& source, SourceHandler& handler) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    const Result<bool> more = source.poll(handler, std::chrono::milliseconds(100));
    if (!more && more.error().remedy == Remedy::kRetry) continue;
    if (!more) return more.error();
    if (!*more) return {};
  }
  return internal_error("the source did not end in a minute");
}

/// Polls until the condition holds; false: it did not within a minute.
inline bool poll_until(Source& source, SourceHandler& handler, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    const Result<bool> more = source.poll(handler, std::chrono::milliseconds(20));
    if (!more && more.error().remedy != Remedy::kRetry) return false;
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

}  // namespace eddy

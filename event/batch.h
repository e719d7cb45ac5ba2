#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/dead_letter.h"
#include "event/event.h"
#include "event/position.h"
#include "event/recommendation.h"
#include "event/trigger.h"

namespace eddy {

class Profile;
struct Facts;

/// The index of a record where there is none.
inline constexpr std::uint32_t kNoRecord = 0xFFFFFFFF;

/// The bytes of one record, inside the batch that holds it.
struct Record {
  SourcePosition position;
  std::uint32_t key_begin = 0, key_size = 0;
  std::uint32_t value_begin = 0, value_size = 0;
  bool has_key = false;
};

/// A record that was decoded, on its way through the operators.
struct Item {
  std::uint32_t record = 0;  ///< index of its record
  Event event;
  Profile* profile = nullptr;  ///< valid inside the profile stage only; owned by the shard
  bool facts_changed = false;  ///< set by fold: false for a duplicate
  /// Set by fold for a purchase that changed the facts of a user of whom something was known: the facts just
  /// before it. Else null.
  std::shared_ptr<const Facts> before_purchase;
  Recommendation recommendation;
};

/// One message for a sink. `sink` names one of the graph's sinks ("recommendations", "triggers", …).
struct Output {
  std::string sink;
  std::string key;
  std::string value;
  std::uint32_t record = 0;  ///< index of the causing record; kNoRecord: a sweep's
};

/// Up to 1,024 events of one shard, in order; what operators take and give. Move-only, recycled by the
/// pipeline. Owned by one thread at a time.
class Batch {
 public:
  explicit Batch(ShardId shard) : shard_(shard) {}
  Batch(Batch&&) noexcept = default;
  Batch& operator=(Batch&&) noexcept = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() = default;

  /// Copies the record's bytes in. `received` is when the oldest record of the batch came in.
  void add(SourcePosition position, std::string_view key, bool has_key, std::string_view value,
           std::chrono::steady_clock::time_point received);

  [[nodiscard]] ShardId shard() const { return shard_; }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] std::string_view key(const Record& record) const;
  /// At least kPadding readable bytes follow (simdjson reads past the end).
  [[nodiscard]] std::string_view value(const Record& record) const;
  /// Bytes that this batch keeps in memory for its records.
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  [[nodiscard]] std::chrono::steady_clock::time_point oldest() const { return oldest_; }

  /// Puts a record aside with the reason; the others go on.
  void refuse(const Record& record, std::string reason);

  /// Empties the batch and keeps its memory.
  void reset(ShardId shard);

  /// Decoded events, in the records' order. Operators may erase items or change them.
  std::vector<Item> items;
  std::vector<DeadLetter> dead_letters;
  std::vector<Trigger> triggers;
  std::vector<Output> outputs;

  static constexpr std::size_t kPadding = 64;

 private:
  ShardId shard_;
  std::vector<Record> records_;
  std::string bytes_;
  std::chrono::steady_clock::time_point oldest_{};
};

}  // namespace eddy

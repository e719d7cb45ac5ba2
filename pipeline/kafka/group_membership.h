#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/annotated_mutex.h"
#include "base/result.h"
#include "pipeline/kafka/rd_handle.h"

namespace eddy {

/// What a transaction needs to know of the consumer whose offsets it commits: in which generation of the
/// group it reads. A later generation makes the broker refuse those offsets, and with them the transaction,
/// so that a process which missed a rebalance commits nothing. Thread-safe.
class GroupMembership {
 public:
  /// The client outlives this, or is taken away by left().
  void joined(rd_kafka_t* consumer) {
    const MutexLock lock(mutex_);
    consumer_ = consumer;
  }
  void left() { joined(nullptr); }

  /// As of now. Ask when a shard is assigned, and keep the answer: another generation is another assignment.
  /// Error: the consumer is closed.
  Result<RdGroupMetadata> metadata() const {
    const MutexLock lock(mutex_);
    RdGroupMetadata metadata(consumer_ == nullptr ? nullptr : rd_kafka_consumer_group_metadata(consumer_));
    if (metadata == nullptr) return external_error("the consumer has left its group", {}, Remedy::kRelease);
    return metadata;
  }

  /// The shards that the group gave, before the first of them is opened.
  void assigned(const std::set<std::int32_t>& shards) {
    const MutexLock lock(mutex_);
    lowest_shard_ = shards.empty() ? std::nullopt : std::optional(*shards.begin());
  }
  /// Of those given last; nothing: none were.
  std::optional<std::int32_t> lowest_shard() const {
    const MutexLock lock(mutex_);
    return lowest_shard_;
  }

  /// As the group knows this process; empty while it has not joined.
  std::string member_id() const {
    const MutexLock lock(mutex_);
    char* const id = consumer_ == nullptr ? nullptr : rd_kafka_memberid(consumer_);
    if (id == nullptr) return {};
    std::string copy(id);
    rd_kafka_mem_free(consumer_, id);
    return copy;
  }

 private:
  mutable Mutex mutex_;
  rd_kafka_t* consumer_ EDDY_GUARDED_BY(mutex_) = nullptr;
  std::optional<std::int32_t> lowest_shard_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace eddy {

/// A topic's (or file's) name, interned: one pointer wide, compared by pointer, alive as long as the process.
/// The number of names is the number of configured inputs.
class TopicName {
 public:
  TopicName() = default;
  /// Thread-safe; takes a lock, so intern once and keep it.
  explicit TopicName(std::string_view name);
  [[nodiscard]] const std::string& str() const { return *name_; }

  friend bool operator==(TopicName a, TopicName b) { return a.name_ == b.name_; }

 private:
  const std::string* name_ = empty();
  static const std::string* empty();
};

/// Where a record came from: a Kafka topic, partition and offset; or a file, shard and byte offset.
struct SourcePosition {
  TopicName topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
};

/// For each (topic, partition), the offset of the next record to be read.
using Positions = std::map<std::pair<std::string, std::int32_t>, std::int64_t>;

}  // namespace eddy

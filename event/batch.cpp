#include "event/batch.h"

#include <algorithm>
#include <utility>

namespace eddy {

void Batch::add(SourcePosition position, std::string_view key, bool has_key, std::string_view value,
                std::chrono::steady_clock::time_point received) {
  if (records_.empty()) oldest_ = received;
  Record record;
  record.position = position;
  record.has_key = has_key;
  record.key_begin = static_cast<std::uint32_t>(bytes_.size());
  record.key_size = static_cast<std::uint32_t>(key.size());
  bytes_.append(key);
  record.value_begin = static_cast<std::uint32_t>(bytes_.size());
  record.value_size = static_cast<std::uint32_t>(value.size());
  bytes_.append(value);
  if (bytes_.capacity() < bytes_.size() + kPadding) bytes_.reserve(2 * (bytes_.size() + kPadding));
  records_.push_back(record);
}

std::string_view Batch::key(const Record& record) const {
  return std::string_view(bytes_).substr(record.key_begin, record.key_size);
}

std::string_view Batch::value(const Record& record) const {
  return std::string_view(bytes_).substr(record.value_begin, record.value_size);
}

void Batch::refuse(const Record& record, std::string reason) {
  dead_letters.push_back(
      {record.position, std::move(reason), std::string(key(record)), std::string(value(record))});
}

void Batch::reset(ShardId shard) {
  shard_ = shard;
  records_.clear();
  bytes_.clear();
  items.clear();
  dead_letters.clear();
  triggers.clear();
  outputs.clear();
}

}  // namespace eddy

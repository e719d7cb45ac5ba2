#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace eddy {

/// How far a consumer group has committed, asked again and again over one connection.
class GroupOffsets {
 public:
  GroupOffsets(const std::string& brokers, const std::string& group, std::vector<std::string> topics,
               std::int32_t partitions);
  ~GroupOffsets();
  GroupOffsets(const GroupOffsets&) = delete;
  GroupOffsets& operator=(const GroupOffsets&) = delete;

  /// The committed offsets summed over all partitions, without those of transactions that are still open:
  /// where the topics were written without transactions and from offset 0, the number of records that are
  /// done. While no broker answers, the last known number.
  [[nodiscard]] std::size_t total();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

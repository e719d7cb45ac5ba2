#include "app/offsets/offset_moves.h"

#include <algorithm>

namespace eddy {
namespace {

std::string place(const TopicPartition& partition) {
  return partition.first + "/" + std::to_string(partition.second);
}

std::string records(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " record" : " records");
}

}  // namespace

std::int64_t OffsetMove::read_again() const {
  return std::max<std::int64_t>(0, std::clamp(now.next, now.first, now.end) - to);
}

std::int64_t OffsetMove::skipped() const {
  return std::max<std::int64_t>(0, to - std::clamp(now.next, now.first, now.end));
}

Result<std::vector<PartitionOffsets>> chosen(const std::vector<PartitionOffsets>& all,
                                             const PartitionChoice& choice) {
  std::vector<PartitionOffsets> found;
  bool has_topic = false;
  for (const PartitionOffsets& one : all) {
    if (!choice.topic.empty() && one.partition.first != choice.topic) continue;
    has_topic = true;
    if (choice.partition && one.partition.second != *choice.partition) continue;
    found.push_back(one);
  }
  if (!has_topic)
    return user_error("--topic: '" + choice.topic + "' is no topic of the configuration's source");
  if (found.empty()) {
    return user_error("--partition: there is no partition " + std::to_string(choice.partition.value_or(0)) +
                      "; the last one is " + std::to_string(all.back().partition.second));
  }
  return found;
}

Result<std::vector<OffsetMove>> plan_moves(const std::vector<PartitionOffsets>& chosen, const Positions& to) {
  std::vector<OffsetMove> moves;
  for (const PartitionOffsets& one : chosen) {
    const std::int64_t target = to.at(one.partition);
    if (target < one.first || target > one.end) {
      return user_error("--to: offset " + std::to_string(target) +
                            " lies outside of the log, which goes from " + std::to_string(one.first) +
                            " to " + std::to_string(one.end),
                        place(one.partition));
    }
    moves.push_back({one, target});
  }
  return moves;
}

Positions positions_of(std::int32_t shard, const std::vector<OffsetMove>& moves,
                       const std::vector<PartitionOffsets>& all) {
  Positions positions;
  for (const OffsetMove& move : moves) {
    if (move.now.partition.second == shard && move.is_needed()) positions[move.now.partition] = move.to;
  }
  if (positions.empty()) return positions;
  for (const PartitionOffsets& one : all) {
    const bool is_in_log = one.next >= one.first && one.next <= one.end;
    if (one.partition.second == shard && !one.is_committed && is_in_log) {
      positions.emplace(one.partition, one.next);
    }
  }
  return positions;
}

std::string to_text(const OffsetMove& move) {
  std::string text = place(move.now.partition) + ": ";
  if (move.to == move.now.next) {
    return text + "stays at " + std::to_string(move.to) + (move.is_needed() ? ", where it would begin" : "");
  }
  text += std::to_string(move.now.next) + " → " + std::to_string(move.to);
  if (move.read_again() > 0) return text + ", " + records(move.read_again()) + " read again";
  if (move.skipped() > 0) return text + ", " + records(move.skipped()) + " skipped";
  return text + ", no record between them";
}

}  // namespace eddy

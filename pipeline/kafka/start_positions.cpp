#include "pipeline/kafka/start_positions.h"

#include <charconv>

namespace eddy {
namespace {

std::string place(const TopicPartition& partition) {
  return partition.first + "/" + std::to_string(partition.second);
}

Error do_not_fit(const TopicPartition& partition, const std::string& why) {
  return user_error(
      "state and topic do not fit: " + why +
          "; point Eddy at the topic and the state directory that belong together, or rebuild the "
          "state by a replay into an empty directory",
      place(partition));
}

}  // namespace

Result<TopicPoint> parse_topic_point(const std::string& text) {
  if (text == "beginning") return TopicPoint(TopicBeginning{});
  if (text == "end") return TopicPoint(TopicEnd{});
  std::int64_t offset = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (code == std::errc{} && end == text.data() + text.size() && offset >= 0) return TopicPoint(offset);
  if (const auto time = parse_rfc3339(text)) return TopicPoint(*time);
  return user_error("'" + text +
                    "' is no place in a topic; write beginning, end, an offset, or a time such as "
                    "2026-03-01T09:30:00Z");
}

Result<Positions> start_positions(const std::vector<TopicPartition>& partitions, const Positions& stored,
                                  const LogRanges& ranges) {
  Positions starts;
  for (const TopicPartition& partition : partitions) {
    const std::int64_t first = ranges.first.at(partition);
    const std::int64_t end = ranges.end.at(partition);
    const auto found = stored.find(partition);
    if (found == stored.end()) {
      // A topic that stayed quiet has no position beside those of busier ones. That is safe as long as
      // nothing of it can have gone by.
      if (!stored.empty() && first > 0) {
        return do_not_fit(partition,
                          "the state has positions of other topics but none of this one, and the topic has "
                          "already lost its records before offset " +
                              std::to_string(first));
      }
      starts[partition] = stored.empty() ? ranges.default_start.at(partition) : 0;
      continue;
    }
    const std::int64_t position = found->second;
    if (position < first) {
      return do_not_fit(partition, "the state has read up to offset " + std::to_string(position) +
                                       ", but the topic now begins at " + std::to_string(first) +
                                       " (its retention deleted what lies between)");
    }
    if (position > end) {
      return do_not_fit(partition, "the state has read up to offset " + std::to_string(position) +
                                       ", but the topic ends at " + std::to_string(end) +
                                       " (it was deleted and made anew, or is another cluster's)");
    }
    starts[partition] = position;
  }
  return starts;
}

}  // namespace eddy

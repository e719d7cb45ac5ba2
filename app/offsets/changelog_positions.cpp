#include "app/offsets/changelog_positions.h"

#include <algorithm>

#include "app/read_changelog.h"
#include "state/store/key_codec.h"

namespace eddy {

Result<void> add_changelog_positions(const KafkaOptions& cluster, const std::string& changelog, ShardId shard,
                                     const std::optional<ChangelogMark>& mark, Positions& positions) {
  EDDY_ASSIGN(const auto reader, ChangelogReader::open(cluster, changelog, shard.value()));
  EDDY_ASSIGN(ChangelogReader::Range range, reader->range());
  if (mark && mark->next > range.end) {
    return user_error("the state has followed the changelog up to offset " + std::to_string(mark->next) +
                          ", but it ends at " + std::to_string(range.end) +
                          ": point Eddy at the topic and the state directory that belong together",
                      changelog + "/" + std::to_string(shard.value()));
  }
  if (mark) range.first = std::max(range.first, mark->next);
  return read_changelog("read changelog of shard " + std::to_string(shard.value()), *reader, range,
                        [&](std::string_view key, std::optional<std::string_view> value) -> Result<void> {
                          const auto place = parse_position_key(key);
                          const auto offset = value ? parse_offset(*value) : std::nullopt;
                          if (place && offset) positions[*place] = *offset;
                          return {};
                        });
}

}  // namespace eddy

#include "app/offsets/partition_offsets.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/offsets/changelog_positions.h"
#include "app/settings_file.h"
#include "state/store/rocks_profile_store.h"
#include "state/store/state_directory.h"

namespace eddy {
namespace {

/// What one shard's store says.
struct StoredShard {
  Positions positions;
  std::optional<ChangelogMark> mark;
};

Result<std::vector<StoredShard>> read_stores(const Settings& settings, std::int32_t shards) {
  std::vector<StoredShard> stored(static_cast<std::size_t>(shards));
  const std::filesystem::path directory = settings.state.directory;
  std::error_code error;
  if (!std::filesystem::exists(directory, error)) return stored;
  const auto identity = StateDirectory::read_identity(directory);
  if (!identity) return stored;  // nothing is stored yet
  if (identity->shards != shards || identity->graph != settings.name) {
    return user_error("the state belongs to graph '" + identity->graph + "' with " +
                          std::to_string(identity->shards) + " shards, not to '" + settings.name + "' with " +
                          std::to_string(shards),
                      directory.string());
  }
  const StoreResources resources(settings.state.store);
  for (const ShardId shard : StateDirectory::held_shards(directory, *identity)) {
    const std::filesystem::path path = StateDirectory::shard_path(directory, shard);
    if (!RocksProfileStore::is_made(path)) continue;
    EDDY_ASSIGN(const auto store, RocksProfileStore::open_read_only(path, resources));
    StoredShard& one = stored[static_cast<std::size_t>(shard.value())];
    EDDY_ASSIGN(one.positions, store->positions());
    EDDY_ASSIGN(one.mark, store->changelog());
  }
  return stored;
}

std::vector<TopicPartition> of_shard(const std::vector<std::string>& topics, std::int32_t shard) {
  std::vector<TopicPartition> partitions;
  for (const std::string& topic : topics) partitions.emplace_back(topic, shard);
  return partitions;
}

/// The positions that the shard's next start finds.
Result<Positions> committed_positions(const Settings& settings, const KafkaSourceOptions& source,
                                      std::int32_t shard, const StoredShard& stored, const Positions& group) {
  if (settings.delivery != "exactly_once") return stored.positions;
  Positions of_group;
  for (const TopicPartition& partition : of_shard(source.topics, shard)) {
    const auto found = group.find(partition);
    if (found != group.end()) of_group.insert(*found);
  }
  // A group that was empty for long has forgotten its offsets; its changelog has not.
  if (!stored.mark && !of_group.empty()) return of_group;
  Positions positions = stored.positions;
  EDDY_TRY(add_changelog_positions(source.cluster, settings.state.changelog, ShardId(shard), stored.mark,
                                   positions));
  return positions;
}

}  // namespace

std::int64_t PartitionOffsets::lag() const {
  return end - std::clamp(next, first, end);
}

Result<std::vector<PartitionOffsets>> read_partition_offsets(const Settings& settings,
                                                             OffsetQueries& queries) {
  EDDY_ASSIGN(const KafkaSourceOptions source, kafka_source(settings));
  EDDY_ASSIGN(const TopicPoint from, parse_topic_point(source.from));
  EDDY_ASSIGN(const std::int32_t shards, queries.partitions(source.topics));
  std::vector<TopicPartition> partitions;
  for (const std::string& topic : source.topics) {
    for (std::int32_t shard = 0; shard < shards; ++shard) partitions.emplace_back(topic, shard);
  }
  EDDY_ASSIGN(const LogRanges log, queries.ranges(partitions, from));
  EDDY_ASSIGN(const Positions group, queries.committed(source.group, partitions));
  EDDY_ASSIGN(const auto stored, read_stores(settings, shards));
  std::vector<Positions> committed;
  for (std::int32_t shard = 0; shard < shards; ++shard) {
    EDDY_ASSIGN(Positions positions,
                committed_positions(settings, source, shard, stored[static_cast<std::size_t>(shard)], group));
    committed.push_back(std::move(positions));
  }
  std::vector<PartitionOffsets> all;
  for (const TopicPartition& partition : partitions) {
    const auto shard = static_cast<std::size_t>(partition.second);
    PartitionOffsets one{partition};
    const Positions& in_state = stored[shard].positions;
    if (const auto found = in_state.find(partition); found != in_state.end()) one.state = found->second;
    if (const auto found = group.find(partition); found != group.end()) one.group = found->second;
    one.first = log.first.at(partition);
    one.end = log.end.at(partition);
    const Positions& known = committed[shard];
    const auto found = known.find(partition);
    one.is_committed = found != known.end();
    // As start_positions() decides: beside positions of other topics, a topic without one is read whole.
    one.next = one.is_committed ? found->second : known.empty() ? log.default_start.at(partition) : 0;
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace eddy

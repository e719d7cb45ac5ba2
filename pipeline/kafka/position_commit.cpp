#include "pipeline/kafka/position_commit.h"

#include <memory>
#include <utility>

#include "pipeline/kafka/group_membership.h"
#include "pipeline/kafka/kafka_client.h"

namespace eddy {
namespace {

/// A consumer that names the group and never joins it: the cluster takes its offsets while the group is
/// empty.
Result<RdClient> outside_of(const std::string& group, const KafkaOptions& cluster) {
  EDDY_ASSIGN(RdConf conf, make_conf(cluster, {{"client.id", "eddy-offsets"}},
                                     {{"group.id", group}, {"enable.auto.commit", "false"}}));
  return make_client(RD_KAFKA_CONSUMER, std::move(conf), cluster);
}

}  // namespace

Result<void> commit_positions(const TransactionalDeliveryOptions& options, ShardId shard, std::int32_t shards,
                              ProfileStore* store, const Positions& positions, DeliveryListener& listener) {
  EDDY_ASSIGN(const RdClient consumer, outside_of(options.group, options.source_cluster));
  const auto membership = std::make_shared<GroupMembership>();
  membership->joined(consumer.get());
  TransactionalDeliveries deliveries(options, {membership, &listener, &system_clock(), [] { return false; }});
  auto opened = store != nullptr ? deliveries.open(shard, shards, *store)
                                 : deliveries.open_without_store(shard, shards);
  if (!opened) return std::move(opened).error();
  UnitOfCommit unit{{}, positions};
  EDDY_TRY((*opened)->commit(unit));
  if (store == nullptr) return {};
  EDDY_TRY(store->commit(unit));
  return store->flush();
}

}  // namespace eddy

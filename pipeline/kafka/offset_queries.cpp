#include "pipeline/kafka/offset_queries.h"

#include <utility>

#include "pipeline/kafka/admin_client.h"
#include "pipeline/kafka/consumer_setup.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {
struct OffsetQueries::Impl {
  std::unique_ptr<AdminClient> admin;
};

OffsetQueries::OffsetQueries(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
OffsetQueries::~OffsetQueries() = default;

Result<std::unique_ptr<OffsetQueries>> OffsetQueries::connect(const KafkaOptions& cluster) {
  auto impl = std::make_unique<Impl>();
  EDDY_ASSIGN(impl->admin, AdminClient::connect(cluster));
  return std::unique_ptr<OffsetQueries>(new OffsetQueries(std::move(impl)));
}

Result<std::int32_t> OffsetQueries::partitions(const std::vector<std::string>& topics) {
  const AdminClient& admin = *impl_->admin;
  EDDY_ASSIGN(const auto counts, partition_counts(admin.client(), topics, admin.cluster(), admin.troubles()));
  return equal_partition_count(topics, counts, admin.cluster().brokers);
}

Result<LogRanges> OffsetQueries::ranges(const std::vector<TopicPartition>& partitions,
                                        const TopicPoint& from) {
  return log_ranges(impl_->admin->client(), partitions, from, impl_->admin->cluster());
}

Result<Positions> OffsetQueries::at(const std::vector<TopicPartition>& partitions, const TopicPoint& point) {
  return offsets_of(impl_->admin->client(), partitions, point, impl_->admin->cluster());
}

Result<Positions> OffsetQueries::committed(const std::string& group,
                                           const std::vector<TopicPartition>& partitions) {
  EDDY_ASSIGN(Positions offsets, committed_offsets(impl_->admin->cluster(), group, partitions));
  std::erase_if(offsets, [](const auto& one) { return one.second < 0; });
  return offsets;
}

Result<std::vector<GroupMember>> OffsetQueries::members(const std::string& group) {
  EDDY_ASSIGN(GroupDescription description, describe_group(*impl_->admin, group));
  return std::move(description.members);
}

}  // namespace eddy

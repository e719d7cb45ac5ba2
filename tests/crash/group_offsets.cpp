#include "crash/group_offsets.h"

#include <chrono>
#include <stdexcept>

#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/rd_handle.h"

namespace eddy {
namespace {

constexpr int kPatience = 1000;  // milliseconds

RdClient make_asking_client(const std::string& brokers, const std::string& group) {
  // With read_committed the question would wait for open transactions, which a killed process leaves behind.
  const KafkaOptions cluster = {brokers, {}, std::chrono::milliseconds(kPatience)};
  auto conf = make_conf(
      cluster,
      {{"group.id", group}, {"isolation.level", "read_uncommitted"}, {"reconnect.backoff.max.ms", "200"}},
      {});
  if (!conf) throw std::runtime_error(conf.error().message);
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf), cluster);
  if (!client) throw std::runtime_error(client.error().message);
  return std::move(*client);
}

}  // namespace

class GroupOffsets::Impl {
 public:
  Impl(const std::string& brokers, const std::string& group, std::vector<std::string> topics,
       std::int32_t partitions)
      : topics_(std::move(topics)), partitions_(partitions), client_(make_asking_client(brokers, group)) {}

  std::size_t total() {
    const RdPartitionList list(rd_kafka_topic_partition_list_new(16));
    for (const std::string& topic : topics_) {
      for (std::int32_t partition = 0; partition < partitions_; ++partition)
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
    }
    if (rd_kafka_committed(client_.get(), list.get(), kPatience) != RD_KAFKA_RESP_ERR_NO_ERROR) return last_;
    std::size_t total = 0;
    for (int i = 0; i < list->cnt; ++i) {
      if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) return last_;
      if (list->elems[i].offset > 0) total += static_cast<std::size_t>(list->elems[i].offset);
    }
    return last_ = total;
  }

 private:
  const std::vector<std::string> topics_;
  const std::int32_t partitions_;
  const RdClient client_;
  std::size_t last_ = 0;
};

GroupOffsets::GroupOffsets(const std::string& brokers, const std::string& group,
                           std::vector<std::string> topics, std::int32_t partitions)
    : impl_(std::make_unique<Impl>(brokers, group, std::move(topics), partitions)) {}
GroupOffsets::~GroupOffsets() = default;

std::size_t GroupOffsets::total() {
  return impl_->total();
}

}  // namespace eddy

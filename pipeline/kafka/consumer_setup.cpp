#include "pipeline/kafka/consumer_setup.h"

#include <set>
#include <utility>

#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_error.h"

namespace eddy {

Result<void> check_consumer_options(const KafkaSourceOptions& options, bool bounded) {
  if (options.topics.empty()) return user_error("no topics to read are named");
  const std::set<std::string> unique(options.topics.begin(), options.topics.end());
  if (unique.size() != options.topics.size()) return user_error("a topic is named twice");
  if (!bounded && options.group.empty())
    return user_error("a Kafka source needs a consumer group (group: NAME)");
  return {};
}

Result<RdConf> consumer_conf(const KafkaSourceOptions& options, bool bounded) {
  const std::map<std::string, std::string> defaults = {
      {"client.id", "eddy"},
      {"socket.keepalive.enable", "true"},
      // For each partition, since each has a queue of its own.
      {"queued.max.messages.kbytes", "2048"},
      {"fetch.min.bytes", "32768"},
      {"fetch.wait.max.ms", "5"}};
  std::map<std::string, std::string> owned = {
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      // A position outside of the log must never be repaired silently.
      {"auto.offset.reset", "error"},
      {"allow.auto.create.topics", "false"},
      {"partition.assignment.strategy", "range"},
      // The last offsets of a log may be transaction markers, which are no records: only this tells its end.
      {"enable.partition.eof", "true"}};
  if (!options.instance.empty() && !bounded) owned["group.instance.id"] = options.instance;
  // librdkafka wants a group from every consumer. A bounded one never subscribes, so it does not join.
  owned["group.id"] = bounded && options.group.empty() ? "eddy" : options.group;
  return make_conf(options.cluster, defaults, owned);
}

Result<std::int32_t> equal_partition_count(const std::vector<std::string>& topics,
                                           const std::map<std::string, std::int32_t>& counts,
                                           const std::string& brokers) {
  std::vector<std::string> missing;
  std::string listed;
  std::set<std::int32_t> found_counts;
  for (const std::string& topic : topics) {
    const auto found = counts.find(topic);
    if (found == counts.end()) {
      missing.push_back(topic);
      continue;
    }
    found_counts.insert(found->second);
    listed += (listed.empty() ? "" : ", ") + topic + " has " + std::to_string(found->second);
  }
  if (!missing.empty()) return topics_missing(missing, brokers);
  if (found_counts.size() != 1) {
    return user_error(
        "the topics of one source need equal partition counts, since a user's events must come together, "
        "but " +
            listed + "; make them anew with 'eddy topics create', which gives all of them the same number",
        brokers);
  }
  return *found_counts.begin();
}

Result<void> subscribe(rd_kafka_t* client, const KafkaSourceOptions& options) {
  const RdPartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(options.topics.size())));
  for (const std::string& topic : options.topics) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  const auto code = rd_kafka_subscribe(client, list.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return kafka_error(code, "the topics cannot be subscribed to", options.cluster.brokers);
}

Result<std::vector<std::int32_t>> whole_shards(const rd_kafka_topic_partition_list_t& list,
                                               const KafkaSourceOptions& options, std::int32_t shards) {
  std::map<std::int32_t, std::size_t> topics_of;
  for (int i = 0; i < list.cnt; ++i) ++topics_of[list.elems[i].partition];
  std::vector<std::int32_t> whole;
  for (const auto& [shard, topics] : topics_of) {
    if (shard >= shards) {
      return user_error(
          "the topics have more partitions than when Eddy started; give all of them the same number, and "
          "start again",
          options.group);
    }
    if (topics != options.topics.size()) {
      return user_error(
          "the group's topics were assigned apart, so that a user's events would not come together; all "
          "members of the group must read the same topics, with the range assignor",
          options.group);
    }
    whole.push_back(shard);
  }
  return whole;
}

bool is_passing_commit_failure(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
    case RD_KAFKA_RESP_ERR__NO_OFFSET:
    case RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST:
    case RD_KAFKA_RESP_ERR__DESTROY:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
      return true;
    default:
      return false;
  }
}

}  // namespace eddy

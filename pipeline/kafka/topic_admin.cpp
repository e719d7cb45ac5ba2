#include "pipeline/kafka/topic_admin.h"

#include <chrono>
#include <set>
#include <thread>
#include <utility>

#include "pipeline/kafka/admin_client.h"
#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {
namespace {

// Between looks at whether the brokers have told each other of a new topic.
constexpr std::chrono::milliseconds kBetweenLooks{20};

/// Questions and orders about topics.
class TopicClient {
 public:
  static Result<TopicClient> connect(const KafkaOptions& cluster) {
    EDDY_ASSIGN(auto admin, AdminClient::connect(cluster));
    return TopicClient(std::move(admin));
  }

  Result<std::map<std::string, std::int32_t>> counts(const std::vector<std::string>& names) {
    return partition_counts(admin_->client(), names, admin_->cluster(), admin_->troubles());
  }

  /// Returns when all partitions can be written to.
  Result<void> await(const std::map<std::string, std::int32_t>& counts) {
    return await_leaders(admin_->client(), counts, admin_->cluster());
  }

  Result<void> create(const std::vector<const TopicSpec*>& specs) {
    std::vector<RdNewTopic> topics;
    std::vector<rd_kafka_NewTopic_t*> raw;
    for (const TopicSpec* spec : specs) {
      EDDY_ASSIGN(RdNewTopic topic, new_topic(*spec));
      raw.push_back(topic.get());
      topics.push_back(std::move(topic));
    }
    EDDY_ASSIGN(const RdEvent event,
                admin_->answer(RD_KAFKA_ADMIN_OP_CREATETOPICS, "topics cannot be created",
                               [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                 rd_kafka_CreateTopics(admin_->client(), raw.data(), raw.size(), options,
                                                       queue);
                               }));
    return check(*event);
  }

  Result<std::map<std::string, std::string>> configuration(const std::string& topic) {
    const RdConfigResource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
    rd_kafka_ConfigResource_t* raw = resource.get();
    EDDY_ASSIGN(const RdEvent event,
                admin_->answer(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, "the topic's configuration cannot be read",
                               [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                 rd_kafka_DescribeConfigs(admin_->client(), &raw, 1, options, queue);
                               }));
    std::size_t count = 0;
    const auto* resources =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    if (count != 1) return internal_error("the cluster told of another topic", topic);
    const auto code = rd_kafka_ConfigResource_error(resources[0]);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const char* text = rd_kafka_ConfigResource_error_string(resources[0]);
      return kafka_error(code, "the topic's configuration cannot be read", topic,
                         text != nullptr ? text : "");
    }
    std::map<std::string, std::string> entries;
    const auto* configs = rd_kafka_ConfigResource_configs(resources[0], &count);
    for (std::size_t i = 0; i < count; ++i) {
      const char* value = rd_kafka_ConfigEntry_value(configs[i]);
      entries[rd_kafka_ConfigEntry_name(configs[i])] = value != nullptr ? value : "";
    }
    return entries;
  }

 private:
  explicit TopicClient(std::unique_ptr<AdminClient> admin) : admin_(std::move(admin)) {}

  static Result<RdNewTopic> new_topic(const TopicSpec& spec) {
    char reason[512];
    RdNewTopic topic(
        rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions, spec.replication, reason, sizeof reason));
    if (topic == nullptr) return user_error("the topic cannot be created: " + std::string(reason), spec.name);
    for (const auto& [name, value] : spec.config) {
      const auto code = rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
      if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(code, "bad topic configuration " + name, spec.name);
    }
    return topic;
  }

  /// The first topic that was refused.
  static Result<void> check(rd_kafka_event_t& event) {
    std::size_t count = 0;
    const auto* topics =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(&event), &count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto code = rd_kafka_topic_result_error(topics[i]);
      // Someone else was faster; the count is looked at afterwards.
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
      const char* text = rd_kafka_topic_result_error_string(topics[i]);
      Error error = kafka_error(code, "the topic cannot be created", rd_kafka_topic_result_name(topics[i]),
                                text != nullptr ? text : "");
      if (!is_retriable(code)) error.fault = Fault::kUser;
      return error;
    }
    return {};
  }

  std::unique_ptr<AdminClient> admin_;
};

Result<void> check_specs(const std::vector<TopicSpec>& specs) {
  std::set<std::string> seen;
  for (const TopicSpec& spec : specs) {
    if (spec.name.empty()) return user_error("a topic to be created has no name");
    if (spec.partitions < 1) return user_error("a topic needs at least 1 partition", spec.name);
    if (!seen.insert(spec.name).second) return user_error("this topic is to be created twice", spec.name);
  }
  return {};
}

Result<void> check_counts(const std::vector<TopicSpec>& specs,
                          const std::map<std::string, std::int32_t>& counts) {
  std::string mismatches;
  for (const TopicSpec& spec : specs) {
    const auto found = counts.find(spec.name);
    if (found == counts.end() || found->second == spec.partitions) continue;
    mismatches += (mismatches.empty() ? "" : ", ") + spec.name + " has " + std::to_string(found->second) +
                  " partitions instead of " + std::to_string(spec.partitions);
  }
  if (mismatches.empty()) return {};
  return user_error(
      "topics exist with other partition counts: " + mismatches +
      "; name their count (--partitions), or delete them first, since more partitions would move users "
      "to other shards");
}

}  // namespace

Result<std::map<std::string, std::int32_t>> existing_topics(const KafkaOptions& cluster,
                                                            const std::vector<std::string>& names) {
  EDDY_ASSIGN(TopicClient admin, TopicClient::connect(cluster));
  return admin.counts(names);
}

Result<std::map<std::string, std::string>> topic_configuration(const KafkaOptions& cluster,
                                                               const std::string& topic) {
  EDDY_ASSIGN(TopicClient admin, TopicClient::connect(cluster));
  return admin.configuration(topic);
}

Result<std::vector<TopicOutcome>> create_topics(const KafkaOptions& cluster,
                                                const std::vector<TopicSpec>& specs) {
  EDDY_TRY(check_specs(specs));
  std::vector<std::string> names;
  names.reserve(specs.size());
  for (const TopicSpec& spec : specs) names.push_back(spec.name);
  EDDY_ASSIGN(TopicClient admin, TopicClient::connect(cluster));
  EDDY_ASSIGN(auto counts, admin.counts(names));
  EDDY_TRY(check_counts(specs, counts));
  std::vector<TopicOutcome> outcomes;
  std::vector<const TopicSpec*> absent;
  for (const TopicSpec& spec : specs) {
    outcomes.push_back({spec.name, spec.partitions, !counts.contains(spec.name)});
    if (outcomes.back().was_created) absent.push_back(&spec);
  }
  if (absent.empty()) return outcomes;
  EDDY_TRY(admin.create(absent));
  const auto deadline = std::chrono::steady_clock::now() + cluster.patience;
  for (;;) {
    EDDY_ASSIGN(counts, admin.counts(names));
    if (counts.size() == names.size()) break;
    if (std::chrono::steady_clock::now() > deadline) {
      return external_error("the brokers accepted the topics but do not know them yet; try again",
                            cluster.brokers, Remedy::kRetry);
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
  EDDY_TRY(check_counts(specs, counts));
  EDDY_TRY(admin.await(counts));
  return outcomes;
}

}  // namespace eddy

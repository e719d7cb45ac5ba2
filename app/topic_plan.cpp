#include "app/topic_plan.h"

#include <algorithm>
#include <map>
#include <variant>

namespace eddy {
namespace {

void add_topic(std::vector<ClusterTopics>& plan, const KafkaOptions& cluster, TopicSpec topic) {
  auto found = std::find_if(plan.begin(), plan.end(), [&](const ClusterTopics& other) {
    return other.cluster.brokers == cluster.brokers && other.cluster.properties == cluster.properties;
  });
  if (found == plan.end()) found = plan.insert(plan.end(), {cluster, {}});
  const bool is_known = std::any_of(found->topics.begin(), found->topics.end(),
                                    [&](const TopicSpec& other) { return other.name == topic.name; });
  if (!is_known) found->topics.push_back(std::move(topic));
}

}  // namespace

std::vector<ClusterTopics> plan_topics(const Settings& settings, const TopicPlanOptions& options) {
  std::vector<ClusterTopics> plan;
  for (const SourceSettings& source : settings.sources) {
    const auto* kafka = std::get_if<KafkaSourceOptions>(&source.options);
    if (kafka == nullptr) continue;
    for (const std::string& topic : kafka->topics) {
      add_topic(plan, kafka->cluster, {topic, options.partitions, options.replication, {}});
    }
  }
  for (const auto& [name, sink] : settings.sinks) {
    const auto* kafka = std::get_if<KafkaSinkOptions>(&sink.options);
    if (kafka == nullptr) continue;
    TopicSpec topic{kafka->topic, options.partitions, options.replication, {}};
    if (name == options.compacted) topic.config["cleanup.policy"] = "compact";
    add_topic(plan, kafka->cluster, std::move(topic));
  }
  if (settings.delivery == "exactly_once") {
    TopicSpec changelog{settings.state.changelog, options.partitions, options.replication, {}};
    changelog.config["cleanup.policy"] = "compact";
    add_topic(plan, std::get<KafkaSourceOptions>(settings.sources.front().options).cluster,
              std::move(changelog));
  }
  return plan;
}

}  // namespace eddy

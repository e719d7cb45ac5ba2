#include "pipeline/kafka/changelog_topic.h"

#include <charconv>
#include <cstdint>

#include "pipeline/kafka/topic_admin.h"

namespace eddy {

Result<std::chrono::milliseconds> changelog_retention(const KafkaOptions& cluster, const std::string& topic) {
  EDDY_ASSIGN(const auto configuration, topic_configuration(cluster, topic));
  const auto policy = configuration.find("cleanup.policy");
  if (policy != configuration.end() && policy->second != "compact") {
    return user_error("the changelog has cleanup.policy '" + policy->second +
                          "', which would delete profiles by age; set it to 'compact'",
                      topic);
  }
  std::int64_t retention = 86'400'000;  // Kafka's default
  if (const auto found = configuration.find("delete.retention.ms"); found != configuration.end()) {
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), retention);
  }
  return std::chrono::milliseconds(retention);
}

}  // namespace eddy

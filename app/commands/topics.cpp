#include "app/commands/topics.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/settings_file.h"
#include "app/topic_plan.h"
#include "pipeline/kafka/topic_admin.h"

namespace eddy {
namespace {

struct TopicsOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::string brokers;
  std::vector<std::string> topics;
  TopicPlanOptions plan;
  CLI::App* create = nullptr;
};

/// The topics, and what must not be shown of them.
struct Wanted {
  std::vector<ClusterTopics> clusters;
  Secrets secrets;
};

Result<Wanted> wanted_by_configuration(const TopicsOptions& options) {
  EDDY_ASSIGN(const LoadedSettings loaded, load_settings_file(options.file, options.overrides));
  Wanted wanted{plan_topics(loaded.settings, options.plan), loaded.secrets};
  if (wanted.clusters.empty()) return user_error("the configuration names no Kafka topic", options.file);
  return wanted;
}

Result<Wanted> wanted_topics(const TopicsOptions& options) {
  if (!options.file.empty() && !options.brokers.empty()) {
    return user_error("give either a FILE, or --brokers and --topic");
  }
  if (!options.file.empty()) return wanted_by_configuration(options);
  if (options.brokers.empty() || options.topics.empty()) {
    return user_error("give a FILE, or --brokers and --topic; eddy topics create --help has examples");
  }
  ClusterTopics named;
  named.cluster.brokers = options.brokers;
  for (const std::string& topic : options.topics) {
    named.topics.push_back({topic, options.plan.partitions, options.plan.replication, {}});
  }
  return Wanted{{std::move(named)}, {}};
}

std::string partitions(std::int32_t count) {
  return std::to_string(count) + (count == 1 ? " partition" : " partitions");
}

Result<void> create(const ClusterTopics& wanted) {
  EDDY_ASSIGN(const auto outcomes, create_topics(wanted.cluster, wanted.topics));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const TopicOutcome& outcome = outcomes[i];
    std::cout << outcome.name << ": " << (outcome.was_created ? "created" : "existed") << ", "
              << partitions(outcome.partitions);
    if (outcome.was_created && wanted.topics[i].config.contains("cleanup.policy")) std::cout << ", compacted";
    std::cout << '\n';
  }
  return {};
}

Result<void> show(const ClusterTopics& wanted) {
  std::vector<std::string> names;
  for (const TopicSpec& topic : wanted.topics) names.push_back(topic.name);
  EDDY_ASSIGN(const auto counts, existing_topics(wanted.cluster, names));
  for (const std::string& name : names) {
    const auto found = counts.find(name);
    std::cout << name << ": " << (found == counts.end() ? "missing" : partitions(found->second)) << '\n';
  }
  return {};
}

Result<void> run_topics(const TopicsOptions& options) {
  EDDY_ASSIGN(const Wanted wanted, wanted_topics(options));
  for (const ClusterTopics& cluster : wanted.clusters) {
    EDDY_TRY(concealed(options.create->parsed() ? create(cluster) : show(cluster), wanted.secrets));
  }
  return {};
}

void add_place_options(CLI::App& command, TopicsOptions& options) {
  command.add_option("FILE", options.file, "The configuration that names sources and sinks; or 'default'");
  command.add_option("--set", options.overrides, "PATH=VALUE over the file; repeatable")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command.add_option("--brokers", options.brokers, "host:port,host:port, instead of FILE");
  command.add_option("--topic", options.topics, "A topic, instead of those that FILE names; repeatable")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
}

}  // namespace

RunCommand declare_topics_command(CLI::App& command) {
  auto options = std::make_shared<TopicsOptions>();
  command.require_subcommand(1);
  options->create = command.add_subcommand("create", "Make the topics that do not exist");
  add_place_options(*options->create, *options);
  options->create->add_option("--partitions", options->plan.partitions, "Of each topic; the number of shards")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  options->create
      ->add_option("--replication", options->plan.replication,
                   "Copies of each topic; -1: the cluster's default")
      ->check(CLI::Range(-1, 100))
      ->capture_default_str();
  options->create
      ->add_option("--compacted", options->plan.compacted,
                   "The sink whose topic keeps each user's last value")
      ->capture_default_str();
  options->create->footer(
      "Topics that exist with another number of partitions are refused, and then nothing is created.\n"
      "\n"
      "Examples:\n"
      "  eddy topics create eddy.yaml --partitions 8 --replication 3\n"
      "  eddy topics create --brokers 127.0.0.1:9092 --topic web --topic calls --topic purchases");
  CLI::App* show_command = command.add_subcommand("show", "Say which of the topics exist");
  add_place_options(*show_command, *options);
  show_command->footer("Example:\n  eddy topics show eddy.yaml");
  return [options] { return run_topics(*options); };
}

}  // namespace eddy

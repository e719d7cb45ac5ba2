// Says, line by line, how many records a consumer group has committed: the measure that Eddy, the copy and
// the peer share.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "bench/kafka_clients.h"

namespace {

using namespace eddy;
using namespace eddy::bench;

constexpr int kAnswerMilliseconds = 10'000;

struct Options {
  std::string brokers, group;
  std::vector<std::string> topics = {"web", "calls"};
  std::int64_t until = 0;
  int interval_milliseconds = 50;
  int patience_seconds = 600;
};

/// A new group's coordinator is found in the first seconds.
bool may_pass(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
}

/// 0 while the group is not known yet.
std::int64_t committed(rd_kafka_t* client, rd_kafka_topic_partition_list_t* partitions) {
  const auto code = rd_kafka_committed(client, partitions, kAnswerMilliseconds);
  if (may_pass(code)) return 0;
  require(code, "no committed offsets");
  std::int64_t sum = 0;
  for (int i = 0; i < partitions->cnt; ++i) sum += std::max<std::int64_t>(partitions->elems[i].offset, 0);
  return sum;
}

int watch(const Options& options) {
  using Clock = std::chrono::steady_clock;
  // Uncommitted: else the broker's answer waits for the end of an open transaction.
  const RdClient client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", options.brokers},
                                                          {"group.id", options.group},
                                                          {"isolation.level", "read_uncommitted"}});
  const RdPartitionList partitions = all_partitions(client.get(), options.topics);
  auto last_change = Clock::now();
  std::int64_t seen = -1;
  for (;;) {
    const std::int64_t now = committed(client.get(), partitions.get());
    const auto at = Clock::now();
    if (now > seen) {
      last_change = at;
      std::cout << R"({"monotonic":)" << std::chrono::duration<double>(at.time_since_epoch()).count()
                << R"(,"committed":)" << now << "}" << std::endl;
      seen = now;
    }
    if (now >= options.until) return 0;
    if (at - last_change > std::chrono::seconds(options.patience_seconds)) {
      std::cerr << "committed_offsets: group " << options.group << " has not committed for "
                << options.patience_seconds << " s, it is at " << now << '\n';
      return 1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(options.interval_milliseconds));
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App command(
      "Prints how many records a consumer group has committed, as JSON lines, until there are enough.");
  command.add_option("--brokers", options.brokers, "HOST:PORT")->required();
  command.add_option("--group", options.group, "The consumer group")->required();
  command.add_option("--topic", options.topics, "Repeatable")->capture_default_str();
  command.add_option("--until", options.until, "Ends at so many records")->required();
  command.add_option("--interval", options.interval_milliseconds, "Milliseconds between two questions")
      ->capture_default_str();
  command.add_option("--patience", options.patience_seconds, "Seconds without a commit after which it fails")
      ->capture_default_str();
  command.footer("Example:\n  committed_offsets --brokers 127.0.0.1:9092 --group eddy --until 1000000");
  CLI11_PARSE(command, argc, argv);
  std::cout.precision(17);
  try {
    return watch(options);
  } catch (const std::exception& error) {
    std::cerr << "committed_offsets: " << error.what() << '\n';
    return 1;
  }
}

// Counts what a topic holds: its records, and what is left of them when only the last of each key is kept.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <unordered_map>

#include "bench/kafka_clients.h"

namespace {

using namespace eddy;
using namespace eddy::bench;

constexpr int kWaitMilliseconds = 1'000;

struct Contents {
  std::int64_t records = 0, bytes = 0;
  std::unordered_map<std::string, std::size_t>
      last;  // key → bytes of key and value; deleted keys are not in it
};

Contents read(const std::string& brokers, const std::string& topic) {
  const RdClient client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers},
                                                          {"group.id", "topic-contents"},
                                                          {"enable.auto.commit", "false"},
                                                          {"enable.partition.eof", "true"},
                                                          {"isolation.level", "read_committed"}});
  rd_kafka_poll_set_consumer(client.get());
  const RdPartitionList partitions = all_partitions(client.get(), {topic});
  for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
  require(rd_kafka_assign(client.get(), partitions.get()), "the topic cannot be read");
  Contents contents;
  for (int ended = 0; ended < partitions->cnt;) {
    const RdMessage message(rd_kafka_consumer_poll(client.get(), kWaitMilliseconds));
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      ++ended;
      continue;
    }
    require(message->err, "a record cannot be read");
    const std::size_t size = message->key_len + message->len;
    ++contents.records;
    contents.bytes += static_cast<std::int64_t>(size);
    std::string key(static_cast<const char*>(message->key), message->key_len);
    if (message->payload == nullptr) {
      contents.last.erase(key);
    } else {
      contents.last[std::move(key)] = size;
    }
  }
  rd_kafka_consumer_close(client.get());
  return contents;
}

}  // namespace

int main(int argc, char** argv) {
  std::string brokers, topic;
  CLI::App command(
      "Prints a topic's records and bytes, and keys and bytes of the last record of each key, by its first "
      "byte.");
  command.add_option("--brokers", brokers, "HOST:PORT")->required();
  command.add_option("--topic", topic, "The topic, such as a changelog")->required();
  command.footer("Example:\n  topic_contents --brokers 127.0.0.1:9092 --topic eddy-changelog");
  CLI11_PARSE(command, argc, argv);
  try {
    const Contents contents = read(brokers, topic);
    std::map<char, std::pair<std::int64_t, std::int64_t>> kept;  // first byte of the key → keys, bytes
    for (const auto& [key, size] : contents.last) {
      auto& [keys, bytes] = kept[key.empty() ? '-' : key[0]];
      ++keys;
      bytes += static_cast<std::int64_t>(size);
    }
    std::cout << R"({"records":)" << contents.records << R"(,"bytes":)" << contents.bytes << R"(,"last":{)";
    const char* comma = "";
    for (const auto& [first, figures] : kept) {
      std::cout << comma << '"' << first << R"(":{"keys":)" << figures.first << R"(,"bytes":)"
                << figures.second << '}';
      comma = ",";
    }
    std::cout << "}}\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "topic_contents: " << error.what() << '\n';
    return 1;
  }
}

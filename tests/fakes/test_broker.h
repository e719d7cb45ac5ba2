#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// A message as it lies in a topic.
struct StoredMessage {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;
  std::optional<std::string> value;
  std::map<std::string, std::string> headers;
  std::int64_t timestamp = 0;  ///< to be produced with, in milliseconds since 1970; 0: now
};

/// A real broker, seen with other eyes than the code under test. Throws std::runtime_error where the broker
/// fails: that is a broken test bench.
class TestBroker {
 public:
  /// Nothing where the environment names no broker.
  static std::optional<std::string> address();

  /// The broker that EDDY_TEST_BROKERS names.
  TestBroker();
  /// The broker at "host:port".
  explicit TestBroker(std::string brokers);
  ~TestBroker();
  TestBroker(const TestBroker&) = delete;
  TestBroker& operator=(const TestBroker&) = delete;

  [[nodiscard]] KafkaOptions cluster() const;
  /// A name that no other test uses.
  [[nodiscard]] static std::string unique_name(const std::string& stem);
  /// A new topic with a unique name, deleted with this object.
  std::string create_topic(const std::string& stem, std::int32_t partitions,
                           const std::map<std::string, std::string>& config = {});
  void delete_topic(const std::string& topic);
  /// Returns when the message is acknowledged. `timestamp`: milliseconds since 1970; 0: now.
  void produce(const std::string& topic, std::int32_t partition, const std::string& key,
               const std::optional<std::string>& value, std::int64_t timestamp = 0);
  /// All at once; each message says its partition, key, value and timestamp.
  void produce_all(const std::string& topic, const std::vector<StoredMessage>& messages);
  /// The same as one committed transaction, whose marker takes one more offset.
  void produce_in_transaction(const std::string& topic, std::int32_t partition, const std::string& key,
                              const std::string& value);
  /// Everything in the topic that is committed, by partition and offset.
  [[nodiscard]] std::vector<StoredMessage> read(const std::string& topic);
  /// The same without keeping it: each partition's messages come in order, those of different ones mixed.
  void for_each(const std::string& topic, const std::function<void(StoredMessage&&)>& visit);
  /// Deletes the partition's records before the offset, as retention does.
  void delete_records_before(const std::string& topic, std::int32_t partition, std::int64_t offset);
  /// What the group has committed; -1: nothing.
  [[nodiscard]] std::int64_t committed(const std::string& group, const std::string& topic,
                                       std::int32_t partition);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// First line of every test that needs the broker.
#define EDDY_NEEDS_BROKER()                                              \
  if (!TestBroker::address())                                            \
  GTEST_SKIP() << "SKIPPED: no broker. Set EDDY_TEST_BROKERS=host:port " \
                  "('./dev kafka start' starts one)."

}  // namespace eddy

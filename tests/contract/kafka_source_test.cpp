// KafkaSource passes the contract of sources, over two topics of the real broker.
#include "pipeline/kafka/kafka_source.h"

#include "base/hash.h"
#include "contract/source_contract.h"
#include "fakes/test_broker.h"

namespace eddy {
namespace {

constexpr std::int32_t kPartitions = 4;

class KafkaSourceBench final : public SourceBench {
 public:
  KafkaSourceBench()
      : topics_{broker_.create_topic("contract-a", kPartitions),
                broker_.create_topic("contract-b", kPartitions)} {}

  // All of a user's records go into one topic: between topics there is no order.
  void put(const std::vector<std::pair<std::string, std::string>>& records) override {
    std::vector<std::vector<StoredMessage>> messages(topics_.size());
    for (const auto& [user, value] : records) {
      const std::uint64_t hash = hash_bytes(user);
      StoredMessage message;
      message.partition = static_cast<std::int32_t>(hash % kPartitions);
      message.key = user;
      message.value = value;
      messages[hash / 64 % topics_.size()].push_back(std::move(message));
    }
    for (std::size_t i = 0; i < topics_.size(); ++i) broker_.produce_all(topics_[i], messages[i]);
  }
  std::unique_ptr<Source> make() override {
    KafkaSourceOptions options;
    options.cluster = broker_.cluster();
    options.topics = topics_;
    options.bounded = true;
    return std::make_unique<KafkaSource>(options);
  }
  Positions beyond_the_end() override { return {{{topics_[0], 2}, 100'000'000}, {{topics_[1], 2}, 0}}; }

 private:
  TestBroker broker_;
  std::vector<std::string> topics_;
};

INSTANTIATE_TEST_SUITE_P(Kafka, SourceContract, testing::Values([]() -> std::unique_ptr<SourceBench> {
                           if (!TestBroker::address()) return nullptr;
                           return std::make_unique<KafkaSourceBench>();
                         }));

}  // namespace
}  // namespace eddy

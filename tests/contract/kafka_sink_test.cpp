// KafkaSink passes the contract of sinks; what it wrote is read back from the real broker.
#include "pipeline/kafka/kafka_sink.h"

#include "contract/sink_contract.h"
#include "fakes/test_broker.h"

namespace eddy {
namespace {

class KafkaSinkBench final : public SinkBench {
 public:
  KafkaSinkBench() : topic_(broker_.create_topic("sink", 4)), sink_({broker_.cluster(), topic_, 4}) {}
  Sink& sink() override { return sink_; }

  std::vector<ReadBack> read() override {
    std::vector<ReadBack> messages;
    for (const auto& message : broker_.read(topic_)) {
      messages.push_back({message.key, message.value.value_or(""), !message.value.has_value()});
    }
    return messages;
  }

  std::vector<DeadLetter> read_dead_letters() override {
    std::vector<DeadLetter> letters;
    for (const auto& message : broker_.read(topic_)) {
      DeadLetter letter;
      letter.position = {TopicName(message.headers.at("eddy.topic")),
                         std::stoi(message.headers.at("eddy.partition")),
                         std::stoll(message.headers.at("eddy.offset"))};
      letter.reason = message.headers.at("eddy.reason");
      letter.key = message.key;
      letter.value = message.value.value();
      letters.push_back(letter);
    }
    return letters;
  }

 private:
  TestBroker broker_;
  std::string topic_;
  KafkaSink sink_;
};

INSTANTIATE_TEST_SUITE_P(Kafka, SinkContract, testing::Values([]() -> std::unique_ptr<SinkBench> {
                           if (!TestBroker::address()) return nullptr;
                           return std::make_unique<KafkaSinkBench>();
                         }));

}  // namespace
}  // namespace eddy

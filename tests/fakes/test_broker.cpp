#include "fakes/test_broker.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "pipeline/kafka/rd_handle.h"
#include "pipeline/kafka/topic_admin.h"

namespace eddy {
namespace {

constexpr int kPatience = 20'000;  // milliseconds

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error("test broker: " + what);
}
void require(rd_kafka_resp_err_t code, const std::string& what) {
  require(code == RD_KAFKA_RESP_ERR_NO_ERROR, what + ": " + rd_kafka_err2str(code));
}
void require(RdError error, const std::string& what) {
  require(error == nullptr, what + ": " + (error ? rd_kafka_error_string(error.get()) : ""));
}

RdClient client(rd_kafka_type_t type, const std::map<std::string, std::string>& properties) {
  RdConf conf(rd_kafka_conf_new());
  char reason[512];
  for (const auto& [name, value] : properties) {
    require(
        rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof reason) == RD_KAFKA_CONF_OK,
        reason);
  }
  rd_kafka_t* raw = rd_kafka_new(type, conf.get(), reason, sizeof reason);
  require(raw != nullptr, reason);
  static_cast<void>(conf.release());
  return RdClient(raw);
}

/// Waits for the result of an admin request.
void require_done(rd_kafka_queue_t* queue, const std::string& what) {
  const RdEvent event(rd_kafka_queue_poll(queue, kPatience));
  require(event != nullptr, what + ": no answer");
  require(rd_kafka_event_error(event.get()), what);
}

StoredMessage stored(const rd_kafka_message_t& message) {
  StoredMessage out;
  out.partition = message.partition;
  out.offset = message.offset;
  if (message.key != nullptr) out.key.assign(static_cast<const char*>(message.key), message.key_len);
  if (message.payload != nullptr) out.value.emplace(static_cast<const char*>(message.payload), message.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
      out.headers[name] = std::string(static_cast<const char*>(value), size);
    }
  }
  return out;
}

}  // namespace

class TestBroker::Impl {
 public:
  explicit Impl(std::string address)
      : brokers(std::move(address)),
        producer(client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers},
                                            {"linger.ms", "0"},
                                            {"retry.backoff.ms", "20"},
                                            {"topic.metadata.refresh.fast.interval.ms", "20"}})) {}

  void delete_topics(const std::vector<std::string>& names) {
    if (names.empty()) return;
    std::vector<rd_kafka_DeleteTopic_t*> requests;
    for (const std::string& name : names) requests.push_back(rd_kafka_DeleteTopic_new(name.c_str()));
    const RdQueue queue(rd_kafka_queue_new(producer.get()));
    rd_kafka_DeleteTopics(producer.get(), requests.data(), requests.size(), nullptr, queue.get());
    for (auto* request : requests) rd_kafka_DeleteTopic_destroy(request);
    require_done(queue.get(), "delete topics");
  }

  void send(rd_kafka_t* through, const std::string& topic, std::int32_t partition, const std::string& key,
            const std::optional<std::string>& value, std::int64_t timestamp) {
    void* payload = value ? const_cast<char*>(value->data()) : nullptr;  // copied, never written to
    const std::size_t size = value ? value->size() : 0;
    require(
        rd_kafka_producev(through, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key.data(), key.size()),
                          RD_KAFKA_V_VALUE(payload, size), RD_KAFKA_V_TIMESTAMP(timestamp), RD_KAFKA_V_END),
        "produce");
  }

  const std::string brokers;
  RdClient producer;
  std::vector<std::string> created;
};

std::optional<std::string> TestBroker::address() {
  const char* value = std::getenv("EDDY_TEST_BROKERS");
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

TestBroker::TestBroker() : TestBroker(address().value_or("")) {}

TestBroker::TestBroker(std::string brokers) : impl_(std::make_unique<Impl>(std::move(brokers))) {}

TestBroker::~TestBroker() {
  try {
    impl_->delete_topics(impl_->created);
  } catch (const std::exception&) {
    // The topics have unique names; leaving them behind harms no other test.
  }
}

KafkaOptions TestBroker::cluster() const {
  return {impl_->brokers, {}, std::chrono::milliseconds(kPatience)};
}

std::string TestBroker::unique_name(const std::string& stem) {
  static std::atomic<int> count{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return "test-" + stem + "-" + std::to_string(::getpid()) + "-" + std::to_string(now) + "-" +
         std::to_string(++count);
}

std::string TestBroker::create_topic(const std::string& stem, std::int32_t partitions,
                                     const std::map<std::string, std::string>& config) {
  const std::string name = unique_name(stem);
  const auto created = create_topics(cluster(), {{name, partitions, 1, config}});
  require(created.has_value(), created ? "" : created.error().message);
  impl_->created.push_back(name);
  return name;
}

void TestBroker::delete_topic(const std::string& topic) {
  std::erase(impl_->created, topic);
  impl_->delete_topics({topic});
}

void TestBroker::produce(const std::string& topic, std::int32_t partition, const std::string& key,
                         const std::optional<std::string>& value, std::int64_t timestamp) {
  impl_->send(impl_->producer.get(), topic, partition, key, value, timestamp);
  require(rd_kafka_flush(impl_->producer.get(), kPatience), "flush");
}

void TestBroker::produce_all(const std::string& topic, const std::vector<StoredMessage>& messages) {
  for (const StoredMessage& message : messages) {
    impl_->send(impl_->producer.get(), topic, message.partition, message.key, message.value,
                message.timestamp);
  }
  require(rd_kafka_flush(impl_->producer.get(), kPatience), "flush");
}

void TestBroker::produce_in_transaction(const std::string& topic, std::int32_t partition,
                                        const std::string& key, const std::string& value) {
  const RdClient producer = client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", impl_->brokers},
                                                       {"transactional.id", unique_name("transaction")}});
  require(RdError(rd_kafka_init_transactions(producer.get(), kPatience)), "init transactions");
  require(RdError(rd_kafka_begin_transaction(producer.get())), "begin transaction");
  impl_->send(producer.get(), topic, partition, key, value, 0);
  require(RdError(rd_kafka_commit_transaction(producer.get(), kPatience)), "commit transaction");
}

std::vector<StoredMessage> TestBroker::read(const std::string& topic) {
  std::vector<StoredMessage> messages;
  for_each(topic, [&](StoredMessage&& message) { messages.push_back(std::move(message)); });
  std::sort(messages.begin(), messages.end(), [](const StoredMessage& a, const StoredMessage& b) {
    return std::pair(a.partition, a.offset) < std::pair(b.partition, b.offset);
  });
  return messages;
}

void TestBroker::for_each(const std::string& topic, const std::function<void(StoredMessage&&)>& visit) {
  const auto counts = existing_topics(cluster(), {topic});
  require(counts && counts->contains(topic), "no topic " + topic);
  const RdClient consumer = client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", impl_->brokers},
                                                       {"group.id", unique_name("reader")},
                                                       {"isolation.level", "read_committed"},
                                                       {"enable.auto.commit", "false"},
                                                       {"enable.partition.eof", "true"}});
  rd_kafka_poll_set_consumer(consumer.get());
  const RdPartitionList list(rd_kafka_topic_partition_list_new(4));
  for (std::int32_t partition = 0; partition < counts->at(topic); ++partition) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  require(rd_kafka_assign(consumer.get(), list.get()), "assign");
  for (std::int32_t ends = 0; ends < counts->at(topic);) {
    const RdMessage message(rd_kafka_consumer_poll(consumer.get(), kPatience));
    require(message != nullptr, "the topic's end does not come: " + topic);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      ++ends;
    } else {
      require(message->err, "read " + topic);
      visit(stored(*message));
    }
  }
  rd_kafka_consumer_close(consumer.get());
}

void TestBroker::delete_records_before(const std::string& topic, std::int32_t partition,
                                       std::int64_t offset) {
  const RdPartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(list.get());
  const RdQueue queue(rd_kafka_queue_new(impl_->producer.get()));
  rd_kafka_DeleteRecords(impl_->producer.get(), &request, 1, nullptr, queue.get());
  rd_kafka_DeleteRecords_destroy(request);
  require_done(queue.get(), "delete records");
}

std::int64_t TestBroker::committed(const std::string& group, const std::string& topic,
                                   std::int32_t partition) {
  const RdClient consumer =
      client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", impl_->brokers}, {"group.id", group}});
  const RdPartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  require(rd_kafka_committed(consumer.get(), list.get(), kPatience), "committed");
  return list->elems[0].offset < 0 ? -1 : list->elems[0].offset;
}

}  // namespace eddy

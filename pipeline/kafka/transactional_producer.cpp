#include "pipeline/kafka/transactional_producer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "pipeline/kafka/delivery_report.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {
namespace {

using std::chrono::milliseconds;

// Of one call: short enough that a wish to stop is heard, long enough for a slow cluster to answer most.
constexpr int kCallMilliseconds = 5'000;
// Of the abort in the destructor, which holds up a rebalance.
constexpr int kAbortMilliseconds = 5'000;
constexpr int kFullQueueMilliseconds = 10;
constexpr milliseconds kFirstBackOff{20};
constexpr milliseconds kLongestBackOff{1'000};
// Tries go on for so long after the wish to stop was heard.
constexpr milliseconds kStopPatience{10'000};

/// The group has gone on without this process, so that another one has the shard.
bool is_of_a_passed_generation(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
         code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
}

}  // namespace

void TransactionalProducer::on_delivery(rd_kafka_t* /*client*/, const rd_kafka_message_t* message,
                                        void* heard) {
  // A failed delivery makes the transaction fail.
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (!is_in_log(*message)) static_cast<Heard*>(heard)->unproven_topic = rd_kafka_topic_name(message->rkt);
  if (message->_private != nullptr) *static_cast<std::int64_t*>(message->_private) = message->offset;
}

Result<RdConf> TransactionalProducer::configure(const TransactionalProducerOptions& options, Heard* heard) {
  // Messages leave when they fill a batch, or with the commit, which waits for none. A shorter linger makes
  // many small requests of them, and while one of these is under way librdkafka 2.0 polls without a pause
  // for the time of the messages behind it (rd_kafka_toppar_producer_serve: they may be sent, were there no
  // request).
  const auto linger = options.transaction_timeout / 2;
  const std::map<std::string, std::string> defaults = {{"client.id", options.transactional_id},
                                                       {"socket.keepalive.enable", "true"},
                                                       {"compression.codec", "lz4"},
                                                       {"linger.ms", std::to_string(linger.count())},
                                                       {"batch.num.messages", "100000"},
                                                       {"queue.buffering.max.messages", "1000000"},
                                                       {"queue.buffering.max.kbytes", "65536"}};
  const std::map<std::string, std::string> owned = {
      {"transactional.id", options.transactional_id},
      {"transaction.timeout.ms", std::to_string(options.transaction_timeout.count())},
      {"enable.idempotence", "true"}};
  EDDY_ASSIGN(RdConf conf, make_conf(options.cluster, defaults, owned));
  rd_kafka_conf_set_opaque(conf.get(), heard);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
  rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t* client, int code, const char* reason, void* self) {
    static_cast<Heard*>(self)->troubles.on_client_error(client, code, reason);
  });
  return conf;
}

Result<std::unique_ptr<TransactionalProducer>> TransactionalProducer::open(
    const TransactionalProducerOptions& options, Callbacks callbacks) {
  std::unique_ptr<TransactionalProducer> producer(new TransactionalProducer(std::move(callbacks)));
  producer->id_ = options.transactional_id;
  EDDY_ASSIGN(RdConf conf, configure(options, &producer->heard_));
  EDDY_ASSIGN(producer->client_, make_client(RD_KAFKA_PRODUCER, std::move(conf), options.cluster));
  rd_kafka_t* const client = producer->client_.get();
  EDDY_TRY(producer->settle("transactions cannot be initialised",
                            [client] { return rd_kafka_init_transactions(client, kCallMilliseconds); }));
  return producer;
}

TransactionalProducer::~TransactionalProducer() {
  if (client_ == nullptr) return;
  if (is_in_transaction_ && !is_fatal_) {
    // Where this fails the transaction ends by its timeout, or when the next producer of the name comes.
    const RdError ignored(rd_kafka_abort_transaction(client_.get(), kAbortMilliseconds));
  }
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client_.get(), 0);
}

Result<RdTopic> TransactionalProducer::topic(const std::string& name) {
  rd_kafka_topic_conf_t* const conf = rd_kafka_topic_conf_new();
  char reason[256];
  rd_kafka_topic_conf_set(conf, "partitioner", "murmur2_random", reason, sizeof reason);
  RdTopic topic(rd_kafka_topic_new(client_.get(), name.c_str(), conf));
  if (topic == nullptr) return kafka_error(rd_kafka_last_error(), "the topic cannot be written to", name);
  return topic;
}

Result<void> TransactionalProducer::begin() {
  EDDY_TRY(
      settle("a transaction cannot begin", [this] { return rd_kafka_begin_transaction(client_.get()); }));
  is_in_transaction_ = true;
  heard_.unproven_topic.clear();
  return {};
}

Result<void> TransactionalProducer::produce(rd_kafka_topic_t* topic, const Message& message) {
  // A null pointer is a message without key (or value), which is another thing than an empty one.
  const char* const key = message.key.empty() ? nullptr : message.key.data();
  const char* const value = !message.value ? nullptr : (message.value->empty() ? "" : message.value->data());
  const std::size_t value_size = message.value ? message.value->size() : 0;
  for (;;) {
    const auto code = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(message.partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(static_cast<const void*>(key), message.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(value), value_size),  // copied, never written to
        RD_KAFKA_V_HEADERS(message.headers), RD_KAFKA_V_OPAQUE(message.offset), RD_KAFKA_V_END);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      rd_kafka_poll(client_.get(), kFullQueueMilliseconds);
      continue;
    }
    if (rd_kafka_fatal_error(client_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      is_fatal_ = true;
      return fatal_error("a message cannot be written");
    }
    Error error = kafka_error(code, "a message cannot be written", rd_kafka_topic_name(topic),
                              heard_.troubles.last_reason());
    // The transaction has failed in the background already, say because a message timed out.
    const bool is_over = code == RD_KAFKA_RESP_ERR__STATE || code == RD_KAFKA_RESP_ERR__PURGE_QUEUE;
    error.remedy = is_over ? Remedy::kRewind : Remedy::kStop;
    return error;
  }
}

Result<void> TransactionalProducer::send_offsets(const Positions& positions,
                                                 const rd_kafka_consumer_group_metadata_t* group) {
  std::vector<TopicPartition> partitions;
  for (const auto& [partition, offset] : positions) partitions.push_back(partition);
  const RdPartitionList list = partition_list(partitions, &positions);
  Time give_up_at = Time::max();
  for (;;) {
    EDDY_TRY(settle("the offsets cannot be committed", [&] {
      return rd_kafka_send_offsets_to_transaction(client_.get(), list.get(), group, kCallMilliseconds);
    }));
    const auto code = rd_kafka_flush(client_.get(), kCallMilliseconds);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) break;
    // Messages of a transaction that has failed may never leave. The offsets, sent once more, tell.
    EDDY_TRY(before_retry(kafka_error(code, "messages are not delivered yet", id_), give_up_at));
  }
  if (!heard_.unproven_topic.empty()) return unproven_delivery(heard_.unproven_topic);
  return {};
}

Result<void> TransactionalProducer::commit() {
  EDDY_TRY(settle("the transaction cannot be committed",
                  [this] { return rd_kafka_commit_transaction(client_.get(), kCallMilliseconds); }));
  is_in_transaction_ = false;
  return {};
}

template <class Call>
Result<void> TransactionalProducer::settle(const char* what, Call call) {
  milliseconds back_off = kFirstBackOff;
  Time give_up_at = Time::max();
  for (;;) {
    const RdError failed(call());
    if (failed == nullptr) return {};
    const auto code = rd_kafka_error_code(failed.get());
    if (rd_kafka_error_is_fatal(failed.get()) != 0 ||
        rd_kafka_fatal_error(client_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      is_fatal_ = true;
      return fatal_error(what);
    }
    Error error = kafka_error(code, what, id_, rd_kafka_error_string(failed.get()));
    if (rd_kafka_error_txn_requires_abort(failed.get()) != 0) {
      error.remedy = is_of_a_passed_generation(code) ? Remedy::kRelease : Remedy::kRewind;
      return error;
    }
    if (rd_kafka_error_is_retriable(failed.get()) == 0) {
      error.remedy = Remedy::kStop;
      return error;
    }
    EDDY_TRY(before_retry(std::move(error), give_up_at));
    rd_kafka_poll(client_.get(), static_cast<int>(back_off.count()));
    back_off = std::min(2 * back_off, kLongestBackOff);
  }
}

Result<void> TransactionalProducer::before_retry(Error error, Time& give_up_at) {
  error.remedy = Remedy::kRetry;
  callbacks_.on_retry(error);
  if (!callbacks_.wants_stop()) return {};
  const Time now = std::chrono::steady_clock::now();
  give_up_at = std::min(give_up_at, now + kStopPatience);
  if (now < give_up_at) return {};
  error.remedy = Remedy::kStop;
  return error;
}

Error TransactionalProducer::fatal_error(const char* what) const {
  char text[512] = "";
  const auto code = rd_kafka_fatal_error(client_.get(), text, sizeof text);
  Error error = kafka_error(code, what, id_, text);
  error.remedy = Remedy::kStop;
  return error;
}

}  // namespace eddy

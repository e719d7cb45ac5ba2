#include "pipeline/kafka/kafka_sink.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "pipeline/kafka/dead_letter_headers.h"
#include "pipeline/kafka/delivery_report.h"
#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {
namespace {

constexpr int kPollMilliseconds = 50;
constexpr int kFlushMilliseconds = 10;

/// What one shard has under way. Its address is the opaque of each of its messages, so that it outlives them.
struct ShardTraffic {
  std::atomic<std::int64_t> outstanding{0};
  std::atomic<std::uint64_t> delivered{0};
  std::optional<Error> failure;  ///< the first since the last flush; guarded by the sink's mutex
};

}  // namespace

class KafkaSink::Impl {
 public:
  explicit Impl(KafkaSinkOptions options) : options_(std::move(options)) {}

  ~Impl() { ignore_error(close(), "a sink that matters is flushed and closed before it is destroyed"); }

  Result<void> open() {
    if (client_ != nullptr) return {};
    if (options_.topic.empty()) return user_error("the sink names no topic");
    EDDY_ASSIGN(RdConf conf, configure());
    EDDY_ASSIGN(RdClient client, make_client(RD_KAFKA_PRODUCER, std::move(conf), options_.cluster));
    auto counts = partition_counts(client.get(), {options_.topic}, options_.cluster, troubles_);
    if (!counts) return std::move(counts).error();
    if (counts->empty()) return topics_missing({options_.topic}, options_.cluster.brokers);
    EDDY_TRY(await_leaders(client.get(), *counts, options_.cluster));
    by_shard_ = options_.shards > 0 && counts->begin()->second == options_.shards;
    client_ = std::move(client);
    stopping_ = false;
    poller_ = std::thread([this] {
      while (!stopping_) rd_kafka_poll(client_.get(), kPollMilliseconds);
    });
    return {};
  }

  Result<void> write(ShardId shard, std::string_view key, std::string_view value) {
    return produce(shard, key, value, value.empty(), nullptr);
  }

  Result<void> write_dead_letter(const DeadLetter& letter) {
    return produce(ShardId(letter.position.partition), letter.key, letter.value, false,
                   dead_letter_headers(letter));
  }

  Result<void> flush(ShardId shard) {
    ShardTraffic& traffic = traffic_of(shard);
    await_delivery(traffic);
    const std::lock_guard lock(mutex_);
    if (!traffic.failure) return {};
    return *std::exchange(traffic.failure, std::nullopt);
  }

  Result<void> close() {
    if (client_ == nullptr) return {};
    std::optional<Error> failure;
    for (auto& [shard, traffic] : shards_) {
      await_delivery(*traffic);
      const std::lock_guard lock(mutex_);
      if (traffic->failure && !failure) failure = std::exchange(traffic->failure, std::nullopt);
    }
    stopping_ = true;
    poller_.join();
    client_.reset();
    if (failure) return *std::move(failure);
    return {};
  }

  [[nodiscard]] std::map<std::int32_t, std::uint64_t> delivered() const {
    std::map<std::int32_t, std::uint64_t> counts;
    const std::lock_guard lock(mutex_);
    for (const auto& [shard, traffic] : shards_) counts[shard] = traffic->delivered;
    return counts;
  }

 private:
  void await_delivery(const ShardTraffic& traffic) {
    while (traffic.outstanding != 0) send_what_lingers();
  }

  // Waits for the messages of all shards, those that come meanwhile, too: so only for a little while.
  void send_what_lingers() { rd_kafka_flush(client_.get(), kFlushMilliseconds); }

  Result<RdConf> configure() {
    // A commit ends the linger. With a shorter one librdkafka wakes so often that a loaded shard has a tenth
    // less of the processor.
    const std::map<std::string, std::string> defaults = {{"client.id", "eddy"},
                                                         {"socket.keepalive.enable", "true"},
                                                         {"compression.codec", "lz4"},
                                                         {"linger.ms", "50"},
                                                         {"partitioner", "murmur2_random"},
                                                         {"message.timeout.ms", "120000"},
                                                         {"queue.buffering.max.kbytes", "65536"}};
    EDDY_ASSIGN(RdConf conf, make_conf(options_.cluster, defaults, {{"enable.idempotence", "true"}}));
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_dr_msg_cb(conf.get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
      static_cast<Impl*>(self)->on_delivery(*message);
    });
    rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t* client, int code, const char* reason, void* self) {
      static_cast<Impl*>(self)->troubles_.on_client_error(client, code, reason);
    });
    return conf;
  }

  Result<void> produce(ShardId shard, std::string_view key, std::string_view value, bool is_deletion,
                       RdHeaders headers) {
    if (client_ == nullptr) return internal_error("the sink is not open", options_.topic);
    ShardTraffic& traffic = traffic_of(shard);
    const std::int32_t partition =
        by_shard_ && shard.value() < options_.shards ? shard.value() : RD_KAFKA_PARTITION_UA;
    // A null pointer is a message without key (or value), which is another thing than an empty one.
    const char* no_key = nullptr;
    const char* key_data = key.empty() ? no_key : key.data();
    const char* value_data = is_deletion ? nullptr : (value.empty() ? "" : value.data());
    ++traffic.outstanding;
    for (;;) {
      const auto code = send(partition, {key_data, key.size()}, {value_data, value.size()}, headers, traffic);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
      if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        --traffic.outstanding;
        return send_error(code);
      }
      send_what_lingers();
    }
  }

  struct Bytes {
    const char* data;
    std::size_t size;
  };

  rd_kafka_resp_err_t send(std::int32_t partition, Bytes key, Bytes value, RdHeaders& headers,
                           ShardTraffic& traffic) {
    const auto code = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_TOPIC(options_.topic.c_str()), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(static_cast<const void*>(key.data), key.size),
        RD_KAFKA_V_VALUE(const_cast<char*>(value.data), value.size),  // copied, never written to
        RD_KAFKA_V_HEADERS(headers.get()), RD_KAFKA_V_OPAQUE(&traffic), RD_KAFKA_V_END);
    // The message owns its headers once it is queued.
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<void>(headers.release());
    return code;
  }

  Error send_error(rd_kafka_resp_err_t code) {
    if (code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR__FENCED) {
      char text[512] = "";
      const auto cause = rd_kafka_fatal_error(client_.get(), text, sizeof text);
      Error error = kafka_error(cause != RD_KAFKA_RESP_ERR_NO_ERROR ? cause : code,
                                "the producer cannot go on", options_.topic, text);
      error.remedy = Remedy::kStop;
      return error;
    }
    return kafka_error(code, "a message cannot be written", options_.topic);
  }

  void on_delivery(const rd_kafka_message_t& message) {
    auto& traffic = *static_cast<ShardTraffic*>(message._private);
    if (is_in_log(message)) {
      ++traffic.delivered;
    } else {
      // What was not delivered must not be committed.
      Error error = message.err == RD_KAFKA_RESP_ERR_NO_ERROR ? unproven_delivery(options_.topic)
                                                              : undelivered(message.err);
      const std::lock_guard lock(mutex_);
      if (!traffic.failure) traffic.failure = std::move(error);
    }
    --traffic.outstanding;  // last: whoever awaits it then finds what came of the message
  }

  Error undelivered(rd_kafka_resp_err_t code) const {
    const std::string reason = troubles_.last_reason();
    std::string detail = rd_kafka_err2str(code);
    if (!reason.empty()) detail += " (" + reason + ")";
    Error error = kafka_error(code, "a message was not delivered", options_.topic, detail);
    error.remedy = Remedy::kStop;  // librdkafka has tried for message.timeout.ms
    return error;
  }

  ShardTraffic& traffic_of(ShardId shard) {
    const std::lock_guard lock(mutex_);
    auto& traffic = shards_[shard.value()];
    if (traffic == nullptr) traffic = std::make_unique<ShardTraffic>();
    return *traffic;
  }

  const KafkaSinkOptions options_;

  // Set by open() and close(), which no write may overlap.
  RdClient client_;
  bool by_shard_ = false;
  std::thread poller_;
  std::atomic<bool> stopping_{false};
  ClientTroubles troubles_;

  mutable std::mutex mutex_;
  std::map<std::int32_t, std::unique_ptr<ShardTraffic>> shards_;  // guarded by mutex_; its values are not
};

KafkaSink::KafkaSink(KafkaSinkOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
KafkaSink::~KafkaSink() = default;

Result<void> KafkaSink::open() {
  return impl_->open();
}
Result<void> KafkaSink::write(ShardId shard, std::string_view key, std::string_view value) {
  return impl_->write(shard, key, value);
}
Result<void> KafkaSink::write_dead_letter(const DeadLetter& letter) {
  return impl_->write_dead_letter(letter);
}
Result<void> KafkaSink::flush(ShardId shard) {
  return impl_->flush(shard);
}
Result<void> KafkaSink::close() {
  return impl_->close();
}
std::map<std::int32_t, std::uint64_t> KafkaSink::delivered() const {
  return impl_->delivered();
}

}  // namespace eddy

#include "bench/event_feed.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/result.h"
#include "simulate/standard_work.h"

namespace eddy::bench {
namespace {

constexpr std::chrono::milliseconds kTick{1};
constexpr int kFlushMilliseconds = 60'000;

/// Keeps what comes after the skipped events.
class KeepingWriter final : public RecordWriter {
 public:
  using Keep = std::function<void(bool is_utterance, std::string_view key, std::string_view record)>;
  KeepingWriter(std::size_t skip, Keep keep) : skip_(skip), keep_(std::move(keep)) {}

  Result<void> write(InputChannel channel, std::string_view key, std::string_view record) override {
    if (skip_ > 0) {
      --skip_;
    } else {
      keep_(channel == InputChannel::kCalls, key, record);
    }
    return {};
  }
  Result<void> finish() override { return {}; }

 private:
  std::size_t skip_;
  const Keep keep_;
};

}  // namespace

std::int64_t now_nanoseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

std::string_view text_after(std::string_view json, std::string_view field) {
  const std::size_t at = json.find(field);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + field.size();
  return json.substr(begin, json.find('"', begin) - begin);
}

EventFeed::EventFeed(const EventFeedOptions& options)
    : options_(options), sent_(static_cast<std::size_t>(options.rate * options.seconds)) {
  events_.reserve(sent_.size());
  numbers_.reserve(sent_.size());
  first_counted_ = std::min(static_cast<std::size_t>(options.rate * options.warm_up_seconds), sent_.size());
  KeepingWriter writer(options.skip,
                       [this](bool is_utterance, std::string_view key, std::string_view record) {
                         events_.push_back({is_utterance, std::string(key), std::string(record)});
                         numbers_.emplace(text_after(events_.back().record, R"("id":")"), events_.size() - 1);
                       });
  StandardWorkOptions work;
  work.seed = options.seed;
  work.users = options.users;
  work.events = options.skip + sent_.size();
  if (const auto made = write_standard_work(work, writer); !made) throw KafkaFailure(to_string(made.error()));
}

void EventFeed::run() {
  try {
    send_all();
  } catch (...) {
    is_over_ = true;  // who reads must not wait for the rest
    throw;
  }
  is_over_ = true;
}

void EventFeed::send_all() {
  const RdClient producer =
      make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", options_.brokers},
                                      {"compression.codec", "lz4"},
                                      {"linger.ms", std::to_string(options_.linger_milliseconds)},
                                      {"acks", "all"},
                                      {"queue.buffering.max.messages", "1000000"}});
  const auto topic_of = [&](const char* name) {
    rd_kafka_topic_conf_t* const conf = rd_kafka_topic_conf_new();
    char reason[256];
    rd_kafka_topic_conf_set(conf, "partitioner", "murmur2_random", reason, sizeof reason);
    return RdTopic(rd_kafka_topic_new(producer.get(), name, conf));
  };
  const RdTopic web = topic_of("web"), calls = topic_of("calls");
  const std::int64_t begin = now_nanoseconds();
  const double nanoseconds_an_event = 1e9 / options_.rate;
  for (std::size_t next = 0; next < events_.size();) {
    const std::int64_t now = now_nanoseconds();
    const auto due = std::min(
        events_.size(), static_cast<std::size_t>(static_cast<double>(now - begin) / nanoseconds_an_event));
    for (; next < due; ++next) {
      const std::int64_t at = now_nanoseconds();
      const auto planned =
          begin + static_cast<std::int64_t>(static_cast<double>(next) * nanoseconds_an_event);
      if (at - planned > most_behind_) most_behind_ = at - planned;
      sent_[next] = at;
      send(producer.get(), (events_[next].is_utterance ? calls : web).get(), events_[next]);
    }
    rd_kafka_poll(producer.get(), 0);
    std::this_thread::sleep_for(kTick);
  }
  require(rd_kafka_flush(producer.get(), kFlushMilliseconds), "the last events were not sent");
}

void EventFeed::send(rd_kafka_t* producer, rd_kafka_topic_t* topic, const Event& event) const {
  while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                          const_cast<char*>(event.record.data()), event.record.size(), event.key.data(),
                          event.key.size(), nullptr) != 0) {
    const auto code = rd_kafka_last_error();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) require(code, "an event cannot be sent");
    rd_kafka_poll(producer, 10);
  }
}

std::optional<std::size_t> EventFeed::number_of(std::string_view event_id) const {
  const auto found = numbers_.find(event_id);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::int64_t EventFeed::age(std::size_t number) const {
  const std::int64_t sent = sent_[number];
  return sent == 0 ? 0 : now_nanoseconds() - sent;
}

}  // namespace eddy::bench

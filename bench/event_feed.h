#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/kafka_clients.h"

namespace eddy::bench {

struct EventFeedOptions {
  std::string brokers;
  std::size_t users = 100'000;
  std::uint64_t seed = 1;
  std::size_t skip = 0;  ///< events of the standard work that were sent before
  double rate = 1'000;   ///< events a second
  double seconds = 45;
  double warm_up_seconds = 10;  ///< events of this time at first are sent and not counted
  int linger_milliseconds = 5;  ///< of the producer; the default of Kafka's own since 4.0
};

/// Monotonic time.
[[nodiscard]] std::int64_t now_nanoseconds();

/// Sends events of the standard work to the topics web and calls at a fixed rate, whether they are processed
/// or not, and remembers when. All events are made before the first is sent.
class EventFeed {
 public:
  explicit EventFeed(const EventFeedOptions& options);

  /// Blocks until all are sent and acknowledged. Throws KafkaFailure.
  void run();

  /// The event's number; empty: not one of ours. Thread-safe.
  [[nodiscard]] std::optional<std::size_t> number_of(std::string_view event_id) const;
  /// Nanoseconds since the event was handed to the producer; 0 if it was not yet. Thread-safe.
  [[nodiscard]] std::int64_t age(std::size_t number) const;
  /// Whether the event is one after the warm-up.
  [[nodiscard]] bool counts(std::size_t number) const { return number >= first_counted_; }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] std::size_t counted() const { return size() - first_counted_; }
  /// How far the feed was behind its plan at most, in nanoseconds: a large one tells that the machine was
  /// full.
  [[nodiscard]] std::int64_t most_behind() const { return most_behind_; }
  /// Whether run() has ended.
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  struct Event {
    bool is_utterance = false;
    std::string key, record;
  };

  void send_all();
  void send(rd_kafka_t* producer, rd_kafka_topic_t* topic, const Event& event) const;

  const EventFeedOptions options_;
  std::vector<Event> events_;
  std::size_t first_counted_ = 0;
  std::unordered_map<std::string_view, std::size_t> numbers_;  // by id; views into events_
  std::vector<std::atomic<std::int64_t>> sent_;
  std::atomic<std::int64_t> most_behind_{0};
  std::atomic<bool> is_over_{false};
};

/// What follows `field` in a JSON text up to the next quote, such as the id after `"id":"`; empty: not there.
[[nodiscard]] std::string_view text_after(std::string_view json, std::string_view field);

}  // namespace eddy::bench

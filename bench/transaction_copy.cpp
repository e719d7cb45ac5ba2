// The ceiling of `eddy run`: reads the same topics and writes an output of the same size for each record, in
// transactions, and does nothing else. One producer a partition, as Eddy has; no state, no changelog, no
// model.
#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <deque>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/kafka_clients.h"

namespace {

using namespace eddy;
using namespace eddy::bench;
using Clock = std::chrono::steady_clock;

constexpr int kCallMilliseconds = 60'000;
constexpr std::size_t kMostWaiting = 50'000;  // messages of a partition that are read and not yet produced

struct Options {
  std::string brokers, group, output = "recommendations";
  std::vector<std::string> inputs = {"web", "calls"};
  std::int64_t events = 1'000'000;
  std::int64_t warm_up = 250'000;
  std::chrono::milliseconds interval{100};
};

std::atomic<bool> is_interrupted{false};

/// An output as Eddy writes it: the user, the causing event, and three items with scores that differ from
/// record to record.
class OutputWriter {
 public:
  std::string_view write(std::string_view key, std::string_view record) {
    text_.assign(R"({"user":")").append(key).append(R"(","event":")").append(event_id(record));
    text_.append(R"(","time":"2023-11-14T22:13:20.)")
        .append(digits(3))
        .append(R"(Z","model":"latent-feature","items":[)");
    for (int i = 0; i < 3; ++i) {
      text_.append(i > 0 ? R"(,{"item":"i)" : R"({"item":"i)").append(digits(2)).append(R"(","score":0.)");
      text_.append(digits(7)).append("}");
    }
    return text_.append("]}");
  }

 private:
  static std::string_view event_id(std::string_view record) {
    constexpr std::string_view kField = R"("id":")";
    const std::size_t at = record.find(kField);
    if (at == std::string_view::npos) return "";
    const std::size_t begin = at + kField.size();
    return record.substr(begin, record.find('"', begin) - begin);
  }

  std::string_view digits(int count) {
    for (int i = 0; i < count; ++i) {
      random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
      digits_[i] = static_cast<char>('0' + (random_ >> 33U) % 10);
    }
    return {digits_, static_cast<std::size_t>(count)};
  }

  std::uint64_t random_ = 1;
  char digits_[8] = {};
  std::string text_;
};

/// One partition number over all inputs: a producer and its thread.
class Lane {
 public:
  Lane(const Options& options, int number, rd_kafka_consumer_group_metadata_t* group)
      : options_(options), group_(group) {
    producer_ =
        make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", options.brokers},
                                        {"transactional.id", options.group + "-" + std::to_string(number)},
                                        {"compression.codec", "lz4"},
                                        {"linger.ms", "5"},
                                        {"batch.num.messages", "100000"},
                                        {"queue.buffering.max.messages", "1000000"},
                                        {"queue.buffering.max.kbytes", "65536"}});
    require(rd_kafka_init_transactions(producer_.get(), kCallMilliseconds),
            "transactions cannot be initialised");
    topic_.reset(rd_kafka_topic_new(producer_.get(), options.output.c_str(), nullptr));
    if (topic_ == nullptr) throw KafkaFailure("the output topic cannot be written to");
    number_ = number;
    thread_ = std::thread([this] { run(); });
  }

  ~Lane() { stop(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Waits while the lane has enough to do.
  void put(std::vector<RdMessage> messages) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ < kMostWaiting || failure_ != nullptr; });
    if (failure_ != nullptr) std::rethrow_exception(failure_);
    waiting_ += messages.size();
    queue_.push_back(std::move(messages));
    changed_.notify_all();
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
      changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
  }

  /// Commits what was put, or throws what went wrong.
  void finish() {
    stop();
    if (failure_ != nullptr) std::rethrow_exception(failure_);
  }

  [[nodiscard]] std::int64_t committed() const { return committed_.load(); }

 private:
  void run() {
    try {
      while (take_and_produce()) {
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
      changed_.notify_all();
    }
  }

  /// False at the end.
  bool take_and_produce() {
    std::deque<std::vector<RdMessage>> taken;
    bool is_over = false;
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [this] { return !queue_.empty() || is_stopping_; };
      if (produced_ > 0) {
        changed_.wait_until(lock, began_ + options_.interval, has_work);
      } else {
        changed_.wait(lock, has_work);
      }
      taken.swap(queue_);
      waiting_ = 0;
      is_over = is_stopping_ && taken.empty();
      changed_.notify_all();
    }
    for (const auto& messages : taken) {
      for (const RdMessage& message : messages) produce(*message);
    }
    rd_kafka_poll(producer_.get(), 0);
    if (produced_ > 0 && (is_over || Clock::now() - began_ >= options_.interval)) commit();
    return !is_over;
  }

  void produce(const rd_kafka_message_t& message) {
    if (produced_++ == 0) {
      require(rd_kafka_begin_transaction(producer_.get()), "a transaction cannot begin");
      began_ = Clock::now();
    }
    const std::string_view key(static_cast<const char*>(message.key), message.key_len);
    const std::string_view record(static_cast<const char*>(message.payload), message.len);
    const std::string_view value = writer_.write(key, record);
    while (rd_kafka_produce(topic_.get(), number_, RD_KAFKA_MSG_F_COPY, const_cast<char*>(value.data()),
                            value.size(), key.data(), key.size(), nullptr) != 0) {
      const auto code = rd_kafka_last_error();
      if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) require(code, "a message cannot be written");
      rd_kafka_poll(producer_.get(), 10);
    }
    next_[rd_kafka_topic_name(message.rkt)] = message.offset + 1;
  }

  void commit() {
    const RdPartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(next_.size())));
    for (const auto& [topic, offset] : next_) {
      rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), number_)->offset = offset;
    }
    require(rd_kafka_send_offsets_to_transaction(producer_.get(), list.get(), group_, kCallMilliseconds),
            "the offsets cannot be committed");
    require(rd_kafka_commit_transaction(producer_.get(), kCallMilliseconds),
            "the transaction cannot be committed");
    committed_ += produced_;
    produced_ = 0;
  }

  const Options& options_;
  rd_kafka_consumer_group_metadata_t* const group_;
  RdClient producer_;
  RdTopic topic_;
  std::int32_t number_ = 0;
  OutputWriter writer_;
  std::map<std::string, std::int64_t, std::less<>> next_;
  std::int64_t produced_ = 0;
  Clock::time_point began_;
  std::atomic<std::int64_t> committed_{0};

  std::mutex mutex_;  // guards all below but the thread
  std::condition_variable changed_;
  std::deque<std::vector<RdMessage>> queue_;
  std::size_t waiting_ = 0;
  bool is_stopping_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

class Copy {
 public:
  explicit Copy(const Options& options) : options_(options) {
    consumer_ = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", options.brokers},
                                                {"group.id", options.group},
                                                {"enable.auto.commit", "false"},
                                                {"isolation.level", "read_committed"},
                                                {"fetch.message.max.bytes", "4194304"}});
    rd_kafka_poll_set_consumer(consumer_.get());
    const RdPartitionList partitions = all_partitions(consumer_.get(), options.inputs);
    int lanes = 0;
    for (int i = 0; i < partitions->cnt; ++i) {
      partitions->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
      lanes = std::max(lanes, partitions->elems[i].partition + 1);
    }
    group_.reset(rd_kafka_consumer_group_metadata(consumer_.get()));
    for (int i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>(options, i, group_.get()));
    require(rd_kafka_assign(consumer_.get(), partitions.get()), "the partitions cannot be read");
    queue_.reset(rd_kafka_queue_get_consumer(consumer_.get()));
  }

  ~Copy() {
    lanes_.clear();
    queue_.reset();
    rd_kafka_consumer_close(consumer_.get());
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  void run() {
    std::vector<rd_kafka_message_t*> read(1024);
    std::int64_t taken = 0;
    while (!is_interrupted && taken < options_.events) {
      const auto count = rd_kafka_consume_batch_queue(queue_.get(), 20, read.data(), read.size());
      if (count < 0) require(rd_kafka_last_error(), "the topics cannot be read");
      taken += hand_over(read, static_cast<std::size_t>(count));
      note_warm_up();
    }
    for (const auto& lane : lanes_) lane->finish();
    const double seconds = std::chrono::duration<double>(Clock::now() - warm_at_).count();
    const std::int64_t all = committed();
    std::cout << R"({"events":)" << all << R"(,"per_s":)" << static_cast<double>(all - warm_events_) / seconds
              << "}" << std::endl;
  }

 private:
  [[nodiscard]] std::int64_t committed() const {
    std::int64_t sum = 0;
    for (const auto& lane : lanes_) sum += lane->committed();
    return sum;
  }

  void note_warm_up() {
    if (warm_events_ >= options_.warm_up) return;
    warm_events_ = committed();
    warm_at_ = Clock::now();
  }

  std::int64_t hand_over(const std::vector<rd_kafka_message_t*>& read, std::size_t count) {
    std::vector<std::vector<RdMessage>> by_lane(lanes_.size());
    std::int64_t records = 0;
    for (std::size_t i = 0; i < count; ++i) {
      RdMessage message(read[i]);
      require(message->err, "a record cannot be read");
      ++records;
      by_lane[static_cast<std::size_t>(message->partition)].push_back(std::move(message));
    }
    for (std::size_t i = 0; i < by_lane.size(); ++i) {
      if (!by_lane[i].empty()) lanes_[i]->put(std::move(by_lane[i]));
    }
    return records;
  }

  const Options options_;
  RdClient consumer_;
  RdGroupMetadata group_;
  RdQueue queue_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::int64_t warm_events_ = 0;
  Clock::time_point warm_at_ = Clock::now();
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  int interval = 100;
  CLI::App command(
      "Copies topics in Kafka transactions, one producer a partition, with outputs of the size of Eddy's: "
      "its ceiling.");
  command.add_option("--brokers", options.brokers, "HOST:PORT")->required();
  command.add_option("--group", options.group, "Consumer group, and start of the transactional ids")
      ->required();
  command.add_option("--input", options.inputs, "Topics with equal partition counts; repeatable")
      ->capture_default_str();
  command.add_option("--output", options.output, "Topic with as many partitions")->capture_default_str();
  command.add_option("--events", options.events, "Ends after so many")->capture_default_str();
  command.add_option("--warm-up", options.warm_up, "Events that the printed rate leaves out")
      ->capture_default_str();
  command.add_option("--interval", interval, "Milliseconds between two commits of a partition")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.footer("Example:\n  transaction_copy --brokers 127.0.0.1:9092 --group copy-1 --events 1000000");
  CLI11_PARSE(command, argc, argv);
  options.interval = std::chrono::milliseconds(interval);
  std::signal(SIGTERM, [](int) { is_interrupted = true; });
  std::cout.precision(10);
  try {
    Copy(options).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "transaction_copy: " << error.what() << '\n';
    return 1;
  }
}

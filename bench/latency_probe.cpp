// Sends events at a fixed rate to a running Eddy, and times each until its recommendation comes out: of the
// HTTP event stream (a sample of users), and of the topic, to a reader of what is committed.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

#include "bench/event_feed.h"
#include "bench/latency_record.h"
#include "simulate/random.h"

namespace {

using namespace eddy;
using namespace eddy::bench;

constexpr std::int64_t kPatience = 20'000'000'000;  // nanoseconds without news after the last event
constexpr int kWaitMilliseconds = 100;

struct Options {
  EventFeedOptions feed;
  std::string output = "recommendations";
  int http_port = 0;
  std::size_t streams = 900;
};

/// Live streams of users, read by one thread.
class StreamReader {
 public:
  StreamReader(const Options& options, const EventFeed& feed) : feed_(feed), epoll_(epoll_create1(0)) {
    if (epoll_ < 0) throw KafkaFailure("no epoll");
    Random random(options.feed.seed);
    buffers_.resize(options.streams);
    for (std::size_t i = 0; i < options.streams; ++i) {
      connect_stream(options.http_port, "u-" + std::to_string(random.below(options.feed.users)), i);
    }
  }
  ~StreamReader() {
    for (const int socket : sockets_) ::close(socket);
    ::close(epoll_);
  }
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  void run() {
    std::int64_t quiet_since = now_nanoseconds();
    while (!feed_.is_over() || now_nanoseconds() - quiet_since < kQuiet) {
      std::array<epoll_event, 64> events{};
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kWaitMilliseconds);
      for (int i = 0; i < count; ++i) read(events[static_cast<std::size_t>(i)].data.u64);
      if (count > 0 || !feed_.is_over()) quiet_since = now_nanoseconds();
    }
  }

  LatencyRecord record;
  std::size_t closed = 0;  ///< streams that Eddy has ended, since we were too slow

 private:
  static constexpr std::int64_t kQuiet = 2'000'000'000;  // nanoseconds

  void connect_stream(int port, const std::string& user, std::size_t index) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockets_.push_back(socket);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string request =
        "GET /v1/users/" + user + "/recommendations/stream HTTP/1.1\r\nHost: eddy\r\n\r\n";
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::send(socket, request.data(), request.size(), 0) != static_cast<ssize_t>(request.size()) ||
        epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) {
      throw KafkaFailure("no stream of " + user + " from port " + std::to_string(port));
    }
  }

  void read(std::size_t index) {
    std::array<char, 16384> bytes{};
    const ssize_t size = ::recv(sockets_[index], bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
      ++closed;
      epoll_ctl(epoll_, EPOLL_CTL_DEL, sockets_[index], nullptr);
      return;
    }
    std::string& buffer = buffers_[index];
    buffer.append(bytes.data(), static_cast<std::size_t>(size));
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = buffer.find('\n', begin)) != std::string::npos; begin = end + 1) {
      note(std::string_view(buffer).substr(begin, end - begin));
    }
    buffer.erase(0, begin);
  }

  void note(std::string_view line) {
    constexpr std::string_view kId = "id: ";
    if (!line.starts_with(kId)) return;
    const auto number = feed_.number_of(line.substr(kId.size()));
    if (number && feed_.counts(*number)) record.add(feed_.age(*number));
  }

  const EventFeed& feed_;
  const int epoll_;
  std::vector<int> sockets_;
  std::vector<std::string> buffers_;  // what has come of a line, one a stream
};

/// Reads what is committed to the output topic from its end on.
class CommittedReader {
 public:
  CommittedReader(const Options& options, const EventFeed& feed) : feed_(feed), is_new_(feed.size(), true) {
    consumer_ = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", options.feed.brokers},
                                                {"group.id", "latency-probe"},
                                                {"enable.auto.commit", "false"},
                                                {"isolation.level", "read_committed"}});
    rd_kafka_poll_set_consumer(consumer_.get());
    const RdPartitionList partitions = all_partitions(consumer_.get(), {options.output});
    for (int i = 0; i < partitions->cnt; ++i) {
      std::int64_t first = 0, end = 0;
      require(
          rd_kafka_query_watermark_offsets(consumer_.get(), options.output.c_str(),
                                           partitions->elems[i].partition, &first, &end, kAnswerMilliseconds),
          "the topic's end is unknown");
      partitions->elems[i].offset = end;
    }
    require(rd_kafka_assign(consumer_.get(), partitions.get()), "the outputs cannot be read");
  }
  ~CommittedReader() { rd_kafka_consumer_close(consumer_.get()); }
  CommittedReader(const CommittedReader&) = delete;
  CommittedReader& operator=(const CommittedReader&) = delete;

  void run() {
    std::size_t seen = 0;
    std::int64_t last_news = now_nanoseconds();
    while (seen < feed_.size() && (!feed_.is_over() || now_nanoseconds() - last_news < kPatience)) {
      const RdMessage message(rd_kafka_consumer_poll(consumer_.get(), kWaitMilliseconds));
      if (message == nullptr) continue;
      require(message->err, "the outputs cannot be read");
      const auto number = feed_.number_of(
          text_after({static_cast<const char*>(message->payload), message->len}, R"("event":")"));
      if (!number) continue;
      last_news = now_nanoseconds();
      if (!is_new_[*number]) {
        ++doubled;
        continue;
      }
      is_new_[*number] = false;
      ++seen;
      if (feed_.counts(*number)) record.add(feed_.age(*number));
    }
  }

  LatencyRecord record;
  std::size_t doubled = 0;  ///< outputs of an event after its first

 private:
  static constexpr int kAnswerMilliseconds = 10'000;

  const EventFeed& feed_;
  RdClient consumer_;
  std::vector<bool> is_new_;
};

/// A thread that keeps what it throws.
template <class Run>
std::thread start(Run run, std::exception_ptr& failure) {
  return std::thread([run, &failure] {
    try {
      run();
    } catch (...) {
      failure = std::current_exception();
    }
  });
}

void probe(const Options& options) {
  EventFeed feed(options.feed);
  CommittedReader committed(options, feed);
  StreamReader streams(options, feed);
  std::array<std::exception_ptr, 3> failures;
  std::array<std::thread, 3> threads = {start([&] { committed.run(); }, failures[0]),
                                        start([&] { streams.run(); }, failures[1]),
                                        start([&] { feed.run(); }, failures[2])};
  for (std::thread& thread : threads) thread.join();
  for (const auto& one : failures) {
    if (one) std::rethrow_exception(one);
  }
  std::cout << R"({"rate":)" << options.feed.rate << R"(,"events":)" << feed.counted()
            << R"(,"most_behind_ms":)" << static_cast<double>(feed.most_behind()) / 1e6 << R"(,"doubled":)"
            << committed.doubled << R"(,"closed_streams":)" << streams.closed << R"(,"committed":)";
  committed.record.write(std::cout, feed.counted());
  std::cout << R"(,"stream":)";
  streams.record.write(std::cout, 0);
  std::cout << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App command(
      "Times events from their sending to the HTTP event stream, and to a read_committed reader of the "
      "outputs.");
  command.add_option("--brokers", options.feed.brokers, "HOST:PORT")->required();
  command.add_option("--http-port", options.http_port, "Eddy's, on 127.0.0.1")->required();
  command.add_option("--output", options.output, "The topic of the recommendations")->capture_default_str();
  command.add_option("--rate", options.feed.rate, "Events a second")->check(CLI::PositiveNumber)->required();
  command.add_option("--seconds", options.feed.seconds, "How long events are sent")->capture_default_str();
  command.add_option("--warm-up", options.feed.warm_up_seconds, "Seconds at first that do not count")
      ->capture_default_str();
  command.add_option("--users", options.feed.users, "Of the standard work")->capture_default_str();
  command.add_option("--seed", options.feed.seed, "Of the standard work")->capture_default_str();
  command.add_option("--skip", options.feed.skip, "Events of the standard work that the topics hold already")
      ->capture_default_str();
  command.add_option("--linger", options.feed.linger_milliseconds, "Of the producer, milliseconds")
      ->capture_default_str();
  command
      .add_option("--streams", options.streams,
                  "How many users' live streams are read; Eddy serves 1,024 connections")
      ->capture_default_str();
  command.footer(
      "Example:\n  latency_probe --brokers 127.0.0.1:9092 --http-port 8080 --rate 5000 --skip 1000000");
  CLI11_PARSE(command, argc, argv);
  std::cout.precision(8);
  try {
    probe(options);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "latency_probe: " << error.what() << '\n';
    return 1;
  }
}

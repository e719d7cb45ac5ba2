// From a topic to a user's fresh recommendations, on a real broker and on real input; each compared with a
// single-threaded fold of the same records.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "fakes/eventually.h"
#include "fakes/random_bundle.h"
#include "fakes/temporary_directory.h"
#include "fakes/test_broker.h"
#include "integration/event_lines.h"
#include "integration/running_graph.h"
#include "model/bundle.h"
#include "pipeline/kafka/kafka_sink.h"
#include "pipeline/kafka/transactional_producer.h"
#include "simulate/broken_records.h"
#include "simulate/simulation.h"
#include "simulate/standard_work.h"
#include "simulate/user_structure.h"
#include "unit/http/http_client.h"

namespace eddy {
namespace {

struct Sent {
  InputChannel channel;
  std::string user, line;
};

/// Keeps simulated records in memory.
class KeptRecords final : public RecordWriter {
 public:
  Result<void> write(InputChannel channel, std::string_view key, std::string_view record) override {
    sent.push_back({channel, std::string(key), std::string(record)});
    return {};
  }
  Result<void> finish() override { return {}; }
  std::vector<Sent> sent;
};

std::string user_of(const std::string& line) {
  return nlohmann::json::parse(line).at("user").get<std::string>();
}

InputChannel channel_of(const std::string& line) {
  const auto type = nlohmann::json::parse(line).at("type").get<std::string>();
  if (type == "action") return InputChannel::kWeb;
  return type == "purchase" ? InputChannel::kPurchases : InputChannel::kCalls;
}

/// Each test runs with both deliveries.
class MainLine : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    EDDY_NEEDS_BROKER();
    broker_ = std::make_unique<TestBroker>();
    for (const char* name : {"web", "calls", "purchases"}) topics_.push_back(broker_->create_topic(name, 4));
    recommendations_ = broker_->create_topic("recommendations", 4);
    dead_letters_ = broker_->create_topic("dead_letters", 1);
    changelog_ = broker_->create_topic("changelog", 4, {{"cleanup.policy", "compact"}});
  }

  void produce(const std::vector<Sent>& records) {
    std::vector<std::unique_ptr<KafkaSink>> sinks;
    for (const std::string& topic : topics_) {
      KafkaSinkOptions options;
      options.cluster = broker_->cluster();
      options.topic = topic;
      sinks.push_back(std::make_unique<KafkaSink>(options));
      ASSERT_TRUE(sinks.back()->open());
    }
    for (const Sent& record : records) {
      ASSERT_TRUE(
          sinks[static_cast<std::size_t>(record.channel)]->write(ShardId(0), record.user, record.line));
    }
    for (auto& sink : sinks) ASSERT_TRUE(sink->close());
  }

  void write_bundle_for(std::vector<std::string> tags, std::vector<std::string> items) {
    std::vector<ItemId> ids;
    for (std::string& item : items) ids.emplace_back(std::move(item));
    write_random_bundle(bundle(), tags, ids);
  }

  [[nodiscard]] std::string bundle() const { return (directory_.path() / "bundle").string(); }
  [[nodiscard]] std::filesystem::path state() const { return directory_.path() / "state"; }
  [[nodiscard]] std::string yaml() const {
    const std::string brokers = *TestBroker::address();
    const std::string delivery = GetParam();
    const std::string changelog = delivery == "exactly_once" ? "\n  changelog: " + changelog_ : "";
    return "name: main-line\ndelivery: " + delivery + "\nsources:\n  - kafka:\n      brokers: " + brokers +
           "\n      group: " + topics_[0] + "\n      topics: [" + topics_[0] + ", " + topics_[1] + ", " +
           topics_[2] + "]\n" + "operators:\n  - decode\n  - fold\n  - refresh:\n      bundle: " + bundle() +
           "\n      keep: 1000\n  - publish:\n      emit: always\n      top_k: 1000\nsinks:\n  "
           "recommendations:\n    kafka: "
           "{topic: " +
           recommendations_ + "}\n  dead_letters:\n    kafka: {topic: " + dead_letters_ +
           "}\nstate:\n  dir: " + state().string() + changelog + "\nhttp:\n  listen: 127.0.0.1:0\n";
  }

  /// Runs the graph over everything that was produced, and stops it cleanly.
  void run_over(std::size_t records) {
    RunningGraph graph(yaml());
    ASSERT_TRUE(graph.wait_for_commits(records));
    graph.stop();
  }

  /// The last recommendation of every user in the topic equals the batch forward pass over that user's facts.
  void expect_last_recommendations_fit(const std::map<std::string, Facts>& facts, std::size_t refreshes) {
    const auto loaded = load_bundle(bundle());
    ASSERT_TRUE(loaded);
    const auto model = (*loaded)->model();
    const auto recommender = (*loaded)->make_recommender();
    std::map<std::string, std::string> last;
    std::size_t messages = 0;
    for (const StoredMessage& message : broker_->read(recommendations_)) {
      ++messages;
      last[message.key] = message.value.value();
    }
    EXPECT_EQ(messages, refreshes);
    EXPECT_EQ(last.size(), facts.size());
    float furthest = 0;
    for (const auto& [user, text] : last) {
      const Facts* one = &facts.at(user);
      std::vector<float> scores(model->items.size());
      ASSERT_TRUE(recommender->score({&one, 1}, scores.data()));
      const auto json = nlohmann::json::parse(text);
      EXPECT_EQ(json.at("model"), model->name);
      ASSERT_EQ(json.at("items").size(), scores.size());
      for (const auto& item : json.at("items")) {
        const auto index = static_cast<std::size_t>(
            std::find(model->items.begin(), model->items.end(), ItemId(item.at("item"))) -
            model->items.begin());
        furthest = std::max(furthest, std::abs(scores.at(index) - item.at("score").get<float>()));
      }
    }
    EXPECT_LE(furthest, 1e-5F);
  }

  const TemporaryDirectory directory_;
  std::unique_ptr<TestBroker> broker_;
  std::vector<std::string> topics_;
  std::string recommendations_, dead_letters_, changelog_;
};

INSTANTIATE_TEST_SUITE_P(Delivery, MainLine, testing::Values("at_least_once", "exactly_once"),
                         [](const auto& test) { return test.param; });

TEST_P(MainLine, real_dialogues_through_kafka_give_the_profiles_of_a_single_threaded_fold) {
  EDDY_NEEDS_REAL_DATA("star/events.jsonl.gz");
  const auto lines = read_lines_of(*real_data("star/events.jsonl.gz"));
  std::vector<Sent> records;
  std::set<std::string> items;
  for (const std::string& line : lines) {
    records.push_back({channel_of(line), user_of(line), line});
    if (records.back().channel != InputChannel::kPurchases) continue;
    const auto purchase = nlohmann::json::parse(line);
    for (const auto& item : purchase.at("items")) items.insert(item.get<std::string>());
  }
  write_bundle_for({"no tag is in these events"}, {items.begin(), items.end()});
  produce(records);
  run_over(records.size());
  const auto expected = fold_lines(lines);
  expect_same_facts(expected, stored_facts(state()));
  expect_last_recommendations_fit(expected, records.size());
  EXPECT_TRUE(broker_->read(dead_letters_).empty());
}

TEST_P(MainLine,
       simulated_events_through_three_topics_give_the_profiles_and_scores_of_a_single_threaded_fold) {
  StandardWorkOptions options;
  options.events = 100'000;
  options.users = 10'000;
  KeptRecords records;
  ASSERT_TRUE(write_standard_work(options, records));
  for (std::size_t user = 0; user < options.users; user += 3) {  // the third topic
    const std::string name = "u-" + std::to_string(user);
    records.sent[user * 10] = {InputChannel::kPurchases, name,
                               R"({"type":"purchase","id":"p)" + std::to_string(user) + R"(","user":")" +
                                   name + R"(","time":1700000500000,"items":["i1"]})"};
  }
  std::vector<std::string> tags, items;
  for (int i = 0; i < 512; ++i) tags.push_back("t" + std::to_string(i));
  for (int i = 0; i < 24; ++i) items.push_back("i" + std::to_string(i));
  write_bundle_for(tags, items);
  produce(records.sent);
  run_over(records.sent.size());
  std::vector<std::string> lines;
  for (const Sent& record : records.sent) lines.push_back(record.line);
  const auto expected = fold_lines(lines);
  expect_same_facts(expected, stored_facts(state()));
  expect_last_recommendations_fit(expected, records.sent.size());
}

TEST_P(MainLine, a_thousand_broken_records_are_dead_letters_and_the_good_ones_are_processed) {
  StandardWorkOptions options;
  options.events = 5000;
  options.users = 100;
  KeptRecords good;
  ASSERT_TRUE(write_standard_work(options, good));
  std::vector<Sent> records = good.sent;
  constexpr std::uint64_t kSeed = 20'261'123;
  std::cout << "seed " << kSeed << '\n';
  Random random(kSeed);
  for (std::size_t i = 0; i < 1000; ++i) {
    BrokenRecord broken = make_broken_record(i % broken_kinds(), random);
    records.insert(records.begin() + static_cast<std::ptrdiff_t>(i * 5),
                   {broken.channel, broken.key, broken.record});
  }
  write_bundle_for({"t1"}, {"i1", "i2"});
  produce(records);
  run_over(records.size());
  const auto letters = broker_->read(dead_letters_);
  EXPECT_EQ(letters.size(), 1000U);
  for (const StoredMessage& letter : letters) {
    EXPECT_FALSE(letter.headers.at("eddy.reason").empty());
    EXPECT_NE(std::find(topics_.begin(), topics_.end(), letter.headers.at("eddy.topic")), topics_.end());
    EXPECT_FALSE(letter.headers.at("eddy.offset").empty());
    EXPECT_FALSE(letter.headers.at("eddy.partition").empty());
  }
  std::vector<std::string> lines;
  for (const Sent& record : good.sent) lines.push_back(record.line);
  expect_same_facts(fold_lines(lines), stored_facts(state()));
}

TEST_P(MainLine, a_restart_goes_on_where_it_committed) {
  StandardWorkOptions options;
  options.events = 4000;
  options.users = 200;
  KeptRecords records;
  ASSERT_TRUE(write_standard_work(options, records));
  write_bundle_for({"t1"}, {"i1", "i2"});
  const auto half = static_cast<std::ptrdiff_t>(records.sent.size() / 2);
  produce({records.sent.begin(), records.sent.begin() + half});
  run_over(static_cast<std::size_t>(half));
  produce({records.sent.begin() + half, records.sent.end()});
  run_over(static_cast<std::size_t>(half));
  std::vector<std::string> lines;
  for (const Sent& record : records.sent) lines.push_back(record.line);
  expect_same_facts(fold_lines(lines), stored_facts(state()));
  EXPECT_EQ(broker_->read(recommendations_).size(), records.sent.size()) << "nothing was done twice";
}

/// With exactly_once alone.
class TransactionalLine : public MainLine {};

INSTANTIATE_TEST_SUITE_P(Delivery, TransactionalLine, testing::Values("exactly_once"),
                         [](const auto& test) { return test.param; });

TEST_P(TransactionalLine, what_is_tried_again_is_counted_in_the_metrics) {
  write_bundle_for({"t1"}, {"i1", "i2"});
  StandardWorkOptions options;
  options.events = 1000;
  options.users = 50;
  KeptRecords records;
  ASSERT_TRUE(write_standard_work(options, records));
  produce(records.sent);
  // Rows of the changelog in a transaction that is open: whether they count is not known yet.
  const auto name = TestBroker::unique_name("former");
  auto former = TransactionalProducer::open({broker_->cluster(), name, std::chrono::minutes(5)},
                                            {[](const Error&) {}, [] { return false; }});
  ASSERT_TRUE(former) << to_string(former.error());
  ASSERT_TRUE((*former)->begin());
  {
    auto topic = (*former)->topic(changelog_);
    ASSERT_TRUE(topic) << to_string(topic.error());
    ASSERT_TRUE((*former)->produce(topic->get(), {.partition = 0, .key = "plost", .value = "x"}));
    ASSERT_EQ(rd_kafka_flush((*former)->client(), 10'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  RunningGraph graph(yaml());
  const std::string url = graph.app().url();
  HttpClient http(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
  EXPECT_TRUE(eventually([&] {
    constexpr std::string_view kRetries = "\neddy_commit_retries_total ";
    const std::string page = http.get("/metrics");
    const auto at = page.find(kRetries);
    return at != std::string::npos && std::stod(page.substr(at + kRetries.size())) > 0;
  }));
  EXPECT_LT(graph.app().pipeline().committed_records(), records.sent.size()) << "it did not wait";

  former->reset();  // it aborts
  ASSERT_TRUE(graph.wait_for_commits(records.sent.size()));
  graph.stop();
  std::vector<std::string> lines;
  for (const Sent& record : records.sent) lines.push_back(record.line);
  expect_same_facts(fold_lines(lines), stored_facts(state()));
}

/// Sessions over all users.
std::size_t count_sessions(const std::map<std::string, Facts>& facts) {
  std::size_t sessions = 0;
  for (const auto& [user, one] : facts) sessions += one.sessions.size();
  return sessions;
}

TEST(Clicks, inactivity_makes_the_sessions_of_visitors_whose_session_ids_are_withheld) {
  EDDY_NEEDS_REAL_DATA("clicks/events.jsonl.gz");
  std::vector<std::string> lines;
  for (const std::string& line : read_lines_of(*real_data("clicks/events.jsonl.gz"))) {
    auto json = nlohmann::json::parse(line);
    json.erase("session");
    lines.push_back(json.dump());
  }
  const auto in_order = fold_lines(lines);
  EXPECT_EQ(in_order.size(), 24'385U);
  EXPECT_EQ(count_sessions(in_order), 24'667U);
  constexpr std::uint64_t kSeed = 11;
  std::cout << "seed " << kSeed << '\n';
  std::shuffle(lines.begin(), lines.end(), std::mt19937_64(kSeed));
  expect_same_facts(in_order, fold_lines(lines));

  // And through the pipeline, shuffled, from a file.
  const TemporaryDirectory directory;
  {
    std::ofstream file(directory.path() / "clicks.jsonl");
    for (const std::string& line : lines) file << line << '\n';
  }
  RunningGraph graph(
      "name: clicks\nsources:\n  - files: {paths: [" + (directory.path() / "clicks.jsonl").string() +
      "]}\noperators: [decode, fold]\nstate:\n  dir: " + (directory.path() / "state").string() +
      "\nhttp: {enabled: false}\n");
  graph.join();
  expect_same_facts(in_order, stored_facts(directory.path() / "state"));
}

}  // namespace
}  // namespace eddy

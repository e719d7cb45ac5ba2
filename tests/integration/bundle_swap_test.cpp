// A bundle that is replaced while the graph runs, over files and over a real broker: nothing is lost or
// doubled, each recommendation names its model, and after the sweep all are the new model's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "app/bundle_watch.h"
#include "fakes/random_bundle.h"
#include "fakes/temporary_directory.h"
#include "fakes/test_broker.h"
#include "integration/event_lines.h"
#include "integration/running_graph.h"
#include "model/bundle.h"
#include "pipeline/kafka/kafka_sink.h"
#include "simulate/standard_work.h"

namespace eddy {
namespace {

constexpr std::size_t kEvents = 12'000;
constexpr std::size_t kUsers = 600;

struct Sent {
  std::string user, line;
};

/// The standard work, each event with an id of its own.
class KeptRecords final : public RecordWriter {
 public:
  Result<void> write(InputChannel /*channel*/, std::string_view key, std::string_view record) override {
    auto json = nlohmann::json::parse(record);
    json["id"] = "e-" + std::to_string(sent.size());
    sent.push_back({std::string(key), json.dump()});
    return {};
  }
  Result<void> finish() override { return {}; }
  std::vector<Sent> sent;
};

/// One recommendation, as a reader of the outputs has it, in the order of its user's.
struct Recommended {
  std::string event, model;
  std::map<std::string, float> scores;
};
using ByUser = std::map<std::string, std::vector<Recommended>>;

class BundleSwapRun : public testing::Test {
 protected:
  void SetUp() override {
    StandardWorkOptions options;
    options.events = kEvents;
    options.users = kUsers;
    ASSERT_TRUE(write_standard_work(options, records_));
    write_bundle(bundle(), 1);
    old_ = name_of(bundle());
  }

  static void write_bundle(const std::filesystem::path& directory, std::uint64_t seed) {
    std::vector<std::string> tags;
    std::vector<ItemId> items;
    for (int i = 0; i < 512; ++i) tags.push_back("t" + std::to_string(i));
    for (std::uint64_t i = 0; i < 6 + seed; ++i) items.emplace_back("i" + std::to_string(i));
    write_random_bundle(directory, tags, items, seed);
  }
  static std::string name_of(const std::filesystem::path& directory) {
    const auto loaded = load_bundle(directory);
    EXPECT_TRUE(loaded);
    return loaded ? (*loaded)->model()->name : std::string();
  }

  [[nodiscard]] std::filesystem::path bundle() const { return directory_.path() / "bundle"; }
  [[nodiscard]] std::filesystem::path state() const { return directory_.path() / "state"; }
  [[nodiscard]] std::string operators(const std::string& more = {}) const {
    return "operators:\n  - decode\n  - fold\n  - refresh:\n      bundle: " + bundle().string() +
           "\n      keep: 100\n      watch: 20ms\n      sweep_rate: 20000\n" + more +
           "  - publish:\n      emit: always\n      top_k: 100\n";
  }

  template <class Condition>
  static bool holds_soon(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  static double counter(RunningGraph& graph, const std::string& name, const MetricLabels& labels = {}) {
    return graph.app().metrics().counter(name, "", labels).value();
  }

  void add(const std::string& text, ByUser& all) {
    const auto json = nlohmann::json::parse(text);
    Recommended one{json.at("event").get<std::string>(), json.at("model").get<std::string>(), {}};
    for (const auto& item : json.at("items"))
      one.scores[item.at("item").get<std::string>()] = item.at("score").get<float>();
    all[json.at("user").get<std::string>()].push_back(std::move(one));
  }

  /// Each of the first `events` has one recommendation, and so has each user's sweep; once a user has one of
  /// the new model there is none of the old any more, and the last one is what the new model says of the
  /// facts.
  void expect_a_clean_swap(const ByUser& all, std::size_t events, const std::map<std::string, Facts>& facts) {
    const auto loaded = load_bundle(bundle());
    ASSERT_TRUE(loaded);
    const auto model = (*loaded)->model();
    const auto recommender = (*loaded)->make_recommender();
    std::set<std::string> seen;
    std::size_t by_old = 0;
    std::size_t by_sweep = 0;
    float furthest = 0;
    for (const auto& [user, list] : all) {
      bool is_new = false;
      for (const Recommended& one : list) {
        ASSERT_TRUE(one.model == old_ || one.model == model->name) << one.model;
        ASSERT_FALSE(is_new && one.model == old_) << user << " came back to the old model";
        is_new = one.model == model->name;
        by_old += is_new ? 0 : 1;
        const bool is_swept = one.event == "model/" + model->name;
        by_sweep += is_swept ? 1 : 0;
        ASSERT_TRUE(seen.insert(is_swept ? user + " swept" : one.event).second) << one.event << " twice";
      }
      EXPECT_EQ(list.back().model, model->name);
      const Facts* one = &facts.at(user);
      std::vector<float> scores(model->items.size());
      ASSERT_TRUE(recommender->score({&one, 1}, scores.data()));
      for (std::size_t item = 0; item < scores.size(); ++item)
        furthest =
            std::max(furthest, std::abs(scores[item] - list.back().scores.at(model->items[item].value())));
    }
    EXPECT_LE(furthest, 1e-5F);
    EXPECT_EQ(all.size(), facts.size());
    EXPECT_EQ(seen.size(), events + by_sweep);
    EXPECT_GT(by_old, 0U);
    EXPECT_GT(by_sweep, all.size() * 9 / 10) << "all but those who came later were swept";
  }

  const TemporaryDirectory directory_;
  KeptRecords records_;
  std::string old_;
};

TEST_F(BundleSwapRun, over_files_loses_and_doubles_nothing) {
  const auto input = directory_.path() / "events.jsonl";
  const auto output = directory_.path() / "recommendations.jsonl";
  {
    std::ofstream file(input);
    for (const Sent& record : records_.sent) file << record.line << '\n';
  }
  RunningGraph graph(
      "name: swap\nshards: 3\nsources:\n  - files: {paths: [" + input.string() + "], rate: 2000}\n" +
      operators() + "sinks:\n  recommendations:\n    file: {path: " + output.string() +
      "}\nstate:\n  dir: " + state().string() + "\n  hot_profiles: 1MiB\nhttp: {enabled: false}\n");
  ASSERT_TRUE(graph.wait_for_commits(kEvents / 4));
  write_bundle(bundle(), 2);
  ASSERT_TRUE(holds_soon([&] { return counter(graph, "eddy_sweeps_ended_total") == 3; }));
  graph.stop();
  const auto events = static_cast<std::size_t>(graph.app().pipeline().committed_records());
  EXPECT_LT(events, kEvents) << "the sweep ended while events came";
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < events; ++i) lines.push_back(records_.sent[i].line);
  const auto facts = fold_lines(lines);
  expect_same_facts(facts, stored_facts(state()));
  ByUser all;
  for (const std::string& line : read_lines_of(output)) {
    const auto json = nlohmann::json::parse(line);
    add(json.contains("value") ? json.at("value").dump() : line, all);
  }
  expect_a_clean_swap(all, events, facts);
  EXPECT_EQ(counter(graph, "eddy_bundle_swaps_total", {{"arm", "default"}}), 1);
  EXPECT_GE(counter(graph, "eddy_swept_profiles_total"), static_cast<double>(all.size()));
}

TEST_F(BundleSwapRun, a_replay_keeps_the_model_that_it_began_with) {
  const auto input = directory_.path() / "events.jsonl";
  {
    std::ofstream file(input);
    for (const Sent& record : records_.sent) file << record.line << '\n';
  }
  OperatorRegistry registry;
  ASSERT_TRUE(add_builtin_operators(registry));
  auto loaded = load_settings_text(
      "name: replay\nsources:\n  - files: {paths: [" + input.string() + "], rate: 8000}\n" + operators() +
          "sinks: {recommendations: discard}\nstate:\n  dir: " + state().string() +
          "\nhttp: {enabled: false}\n",
      "test.yaml", {}, registry);
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  auto app = GraphApp::make(std::move(*loaded), BundleChanges::kIgnored);
  ASSERT_TRUE(app) << to_string(app.error());
  write_bundle(bundle(), 2);
  ASSERT_TRUE((*app)->run());
  EXPECT_EQ((*app)->metrics().counter("eddy_bundle_swaps_total", "", {{"arm", "default"}}).value(), 0);
  EXPECT_EQ((*app)
                ->metrics()
                .counter("eddy_arm_refreshes_total", "", {{"arm", "default"}, {"model", old_}})
                .value(),
            static_cast<double>(kEvents));
}

/// With both deliveries.
class BundleSwapOnKafka : public BundleSwapRun, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    EDDY_NEEDS_BROKER();
    BundleSwapRun::SetUp();
    broker_ = std::make_unique<TestBroker>();
    events_ = broker_->create_topic("events", 4);
    recommendations_ = broker_->create_topic("recommendations", 4);
    changelog_ = broker_->create_topic("changelog", 4, {{"cleanup.policy", "compact"}});
  }

  [[nodiscard]] std::string yaml() const {
    const std::string delivery = GetParam();
    return "name: swap\ndelivery: " + delivery +
           "\nsources:\n  - kafka:\n      brokers: " + *TestBroker::address() + "\n      group: " + events_ +
           "\n      topics: [" + events_ + "]\n" + operators() +
           "sinks:\n  recommendations:\n    kafka: {topic: " + recommendations_ +
           "}\nstate:\n  dir: " + state().string() +
           (delivery == "exactly_once" ? "\n  changelog: " + changelog_ : "") + "\nhttp: {enabled: false}\n";
  }

  void produce(std::size_t begin, std::size_t end) {
    KafkaSinkOptions options;
    options.cluster = broker_->cluster();
    options.topic = events_;
    KafkaSink sink(options);
    ASSERT_TRUE(sink.open());
    for (std::size_t i = begin; i < end; ++i)
      ASSERT_TRUE(sink.write(ShardId(0), records_.sent[i].user, records_.sent[i].line));
    ASSERT_TRUE(sink.close());
  }

  void expect_all_was_clean(std::size_t events) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < events; ++i) lines.push_back(records_.sent[i].line);
    const auto facts = fold_lines(lines);
    expect_same_facts(facts, stored_facts(state()));
    ByUser all;
    for (const StoredMessage& message : broker_->read(recommendations_)) add(message.value.value(), all);
    expect_a_clean_swap(all, events, facts);
  }

  std::unique_ptr<TestBroker> broker_;
  std::string events_, recommendations_, changelog_;
};

INSTANTIATE_TEST_SUITE_P(Delivery, BundleSwapOnKafka, testing::Values("at_least_once", "exactly_once"),
                         [](const auto& test) { return test.param; });

TEST_P(BundleSwapOnKafka, under_load_loses_and_doubles_nothing) {
  produce(0, kEvents / 3);
  {
    RunningGraph graph(yaml());
    ASSERT_TRUE(graph.wait_for_commits(kEvents / 6));
    write_bundle(bundle(), 2);
    produce(kEvents / 3, kEvents);
    ASSERT_TRUE(holds_soon([&] { return counter(graph, "eddy_sweeps_ended_total") == 4; }));
    ASSERT_TRUE(graph.wait_for_commits(kEvents));
    graph.stop();
  }
  expect_all_was_clean(kEvents);
}

TEST_P(BundleSwapOnKafka, while_no_events_come_the_sweep_commits_by_itself) {
  produce(0, kEvents / 2);
  RunningGraph graph(yaml());
  ASSERT_TRUE(graph.wait_for_commits(kEvents / 2));
  write_bundle(bundle(), 2);
  ASSERT_TRUE(holds_soon([&] { return counter(graph, "eddy_sweeps_ended_total") == 4; }));
  expect_all_was_clean(kEvents / 2);  // before a stop would have committed
  graph.stop();
  expect_all_was_clean(kEvents / 2);
}

TEST_P(BundleSwapOnKafka, a_bad_bundle_changes_nothing) {
  produce(0, kEvents / 2);
  RunningGraph graph(yaml());
  ASSERT_TRUE(graph.wait_for_commits(kEvents / 4));
  const auto bad = directory_.path() / "bad";
  write_bundle(bad, 2);
  std::ofstream(bad / "catalogue.json", std::ios::app) << " ";
  std::filesystem::rename(bundle(), directory_.path() / "good");
  std::filesystem::rename(bad, bundle());
  ASSERT_TRUE(holds_soon([&] {
    return counter(graph, "eddy_bundles_refused_total", {{"arm", "default"}}) > 0;
  }));
  produce(kEvents / 2, kEvents);
  ASSERT_TRUE(graph.wait_for_commits(kEvents));
  graph.stop();
  EXPECT_EQ(counter(graph, "eddy_bundle_swaps_total", {{"arm", "default"}}), 0);
  std::size_t messages = 0;
  for (const StoredMessage& message : broker_->read(recommendations_)) {
    ++messages;
    EXPECT_EQ(nlohmann::json::parse(message.value.value()).at("model"), old_);
  }
  EXPECT_EQ(messages, kEvents);
}

}  // namespace
}  // namespace eddy

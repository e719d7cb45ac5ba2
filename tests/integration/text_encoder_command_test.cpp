// A model on a text encoder, as typed: train, check, evaluate, replay; the scores that a replay sends beside
// those of a batch forward pass over the same events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "event_lines.h"
#include "fakes/small_text_encoder.h"
#include "fakes/temporary_directory.h"
#include "model/bundle.h"
#include "model/text/utterance_vectors.h"
#include "typed_command.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kUsers = 80;

class text_encoder_command : public testing::Test {
 protected:
  void SetUp() override {
    SmallTextEncoder().write(directory_.path() / "encoder");
    std::ofstream events(path("events.jsonl"));
    for (const std::string& line : lines()) events << line << '\n';
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }
  void run(const std::string& arguments) {
    const Outcome outcome = eddy(arguments + " 2>&1");
    ASSERT_EQ(outcome.code, 0) << arguments << '\n' << outcome.text;
  }
  void train(const std::string& model) {
    run("train --model " + model + " --text bert --text-encoder " + path("encoder") + " --events " +
        path("events.jsonl") + " --epochs 4 --test-share .25 --validation-share 0 --out " + path("bundle"));
  }

  static std::string content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    EXPECT_TRUE(stream) << file;
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// Who says "a" or "b" buys that; partials come before finals.
  static std::vector<std::string> lines() {
    std::vector<std::string> lines;
    int time = 1'700'000'000;
    for (int user = 0; user < kUsers; ++user) {
      const std::string number = std::to_string(user), item = user % 3 == 0 ? "a" : "b";
      const auto add = [&](const std::string& type, const std::string& rest) {
        lines.push_back(R"({"type":")" + type + R"(","user":"u)" + number + R"(","time":)" +
                        std::to_string(1000LL * time++) + rest + "}");
      };
      const auto say = [&](int seq, const std::string& speaker, const std::string& text, bool is_final) {
        add("utterance", R"(,"call":"c)" + number + R"(","seq":)" + std::to_string(seq) + R"(,"speaker":")" +
                             speaker + R"(","text":")" + text + R"(","final":)" +
                             (is_final ? "true" : "false"));
      };
      say(0, "agent", "word, word?", true);
      say(1, "customer", "word", false);
      say(1, "customer", "word " + item + " " + number, true);
      say(2, "agent", "word!", true);
      say(3, "customer", item + " " + item + " " + item, true);
      add("purchase", R"(,"items":[")" + item + "\"]");
    }
    return lines;
  }

  /// A graph that sends every refresh; with `encode` or without.
  [[nodiscard]] std::string configuration(bool encodes) const {
    std::ofstream(path("eddy.yaml")) << "sources: [{files: {paths: [" << path("events.jsonl") << "]}}]\n"
                                     << "operators:\n  - decode\n"
                                     << (encodes ? "  - encode: {encoder: " + path("bundle") + "/encoder}\n"
                                                 : "")
                                     << "  - fold\n  - refresh: {bundle: " << path("bundle") << "}\n"
                                     << "  - publish: {sink: recommendations, emit: always}\n"
                                     << "sinks: {recommendations: {file: {path: " << path("live.jsonl")
                                     << "}}}\n"
                                     << "state: {dir: " << path("state") << "}\nhttp: {enabled: false}\n";
    return path("eddy.yaml");
  }

  const TemporaryDirectory directory_;
};

TEST_F(text_encoder_command, a_replay_sends_the_scores_of_a_batch_forward_pass) {
  train("latent-feature");
  std::filesystem::remove_all(path("encoder"));  // the bundle holds what it needs
  run("replay " + configuration(true) + " --state " + path("replayed") + " --out " + path("out"));

  const auto bundle = load_bundle(path("bundle"));
  ASSERT_TRUE(bundle) << to_string(bundle.error());
  const auto encoder = load_text_encoder(**bundle, path("bundle"));
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  ASSERT_NE(*encoder, nullptr);
  std::map<std::string, Facts> facts;
  JsonEventReader reader;
  for (const std::string& line : lines()) {
    std::string padded = line;
    padded.resize(line.size() + Batch::kPadding);
    Event event;
    ASSERT_TRUE(reader.read(std::string_view(padded).substr(0, line.size()), event));
    if (auto* said = std::get_if<Utterance>(&event.body)) {
      ASSERT_TRUE(add_vectors({&said, 1}, **encoder));
    }
    fold(event, {}, facts[event.user.value()]);
  }
  std::map<std::string, std::map<std::string, float>> sent;  // of each user the last one
  for (const std::string& line : read_lines_of(path("out") + "/recommendations.jsonl")) {
    const auto message = nlohmann::json::parse(line);
    auto& scores = sent[message.at("user").get<std::string>()];
    scores.clear();
    for (const auto& item : message.at("items")) scores[item.at("item")] = item.at("score");
  }
  ASSERT_EQ(sent.size(), static_cast<std::size_t>(kUsers));
  const auto recommender = (*bundle)->make_recommender();
  const auto items = (*bundle)->model()->items;
  ASSERT_EQ(items.size(), 2U);
  std::vector<float> scores(items.size());
  for (const auto& [user, known] : facts) {
    const Facts* const one = &known;
    ASSERT_TRUE(recommender->score({&one, 1}, scores.data()));
    for (std::size_t i = 0; i < items.size(); ++i)
      EXPECT_NEAR(sent.at(user).at(items[i].value()), scores[i], 1e-5F) << user;
  }
}

TEST_F(text_encoder_command, calls_are_cut_in_training_and_in_evaluation) {
  train("conversation");
  const Outcome outcome =
      eddy("evaluate --json --bundle " + path("bundle") + " --events " + path("events.jsonl") +
           " --at-customer-turns 1,2 --at-call-share .5,1 2>/dev/null");
  ASSERT_EQ(outcome.code, 0);
  const auto report = nlohmann::json::parse(outcome.text);
  std::map<std::string, double> hits;  // by turns or share
  for (const auto& row : report.at("results"))
    if (row.at("kind") == "all" && row.at("model") == "conversation")
      hits[row.contains("at_call_share") ? "share " + row["at_call_share"].dump()
                                         : "turns " + row.at("at_customer_turns").dump()] =
          row.at("hr").at("1");
  ASSERT_EQ(hits.size(), 4U) << outcome.text;
  // Each customer has two turns.
  EXPECT_EQ(hits.at("turns 1"), hits.at("share 0.5"));
  EXPECT_EQ(hits.at("turns 2"), hits.at("share 1.0"));
}

TEST_F(text_encoder_command, each_purchase_has_the_places_that_hit) {
  train("conversation");
  const Outcome outcome = eddy("evaluate --each-purchase --bundle " + path("bundle") + " --events " +
                               path("events.jsonl") + " --at-customer-turns 1 2>/dev/null");
  ASSERT_EQ(outcome.code, 0);
  const auto report = nlohmann::json::parse(outcome.text);
  const auto& purchases = report.at("purchases");
  ASSERT_EQ(purchases.size(), report.at("examples"));
  std::set<std::string> users;
  for (const auto& purchase : purchases) {
    EXPECT_EQ(purchase.at("items"), 1);
    users.insert(purchase.at("user"));
  }
  EXPECT_EQ(users.size(), purchases.size());
  const auto& row = *std::find_if(
      report.at("results").begin(), report.at("results").end(),
      [](const auto& one) { return one.at("kind") == "all" && one.at("model") == "conversation"; });
  ASSERT_EQ(row.at("places").size(), purchases.size());
  double at_first = 0, precision = 0;
  for (const auto& places : row.at("places")) {
    if (places.empty()) continue;
    if (places.front() == 1) ++at_first;
    precision += 1 / places.front().get<double>();  // one item was bought: no other place hits
    EXPECT_EQ(places.size(), 1U);
  }
  const auto count = static_cast<double>(purchases.size());
  EXPECT_DOUBLE_EQ(at_first / count, row.at("hr").at("1"));
  EXPECT_NEAR(precision / count, row.at("map").at("5"), 1e-12);
}

TEST_F(text_encoder_command, a_graph_that_makes_no_vectors_is_refused_with_what_to_add) {
  train("conversation");
  const std::vector<std::string> commands{"check ", "run ", "replay --state " + path("replayed") + " "};
  for (const std::string& command : commands) {
    const Outcome outcome = eddy(command + configuration(false) + " 2>&1");
    EXPECT_EQ(outcome.code, 2) << outcome.text;
    EXPECT_THAT(outcome.text,
                HasSubstr("put `- encode: {encoder: " + path("bundle") + "/encoder}` before fold"));
  }
  EXPECT_EQ(eddy("check " + configuration(true)).code, 0);
}

TEST_F(text_encoder_command, events_that_were_encoded_before_give_the_same_weights) {
  train("conversation");
  const std::string weights = content_of(path("bundle") + "/weights.safetensors");
  run("encode --encoder " + path("encoder") + " --events " + path("events.jsonl") + " --single " +
      path("encoded.jsonl"));
  const auto first = nlohmann::json::parse(read_lines_of(path("encoded.jsonl")).front());
  EXPECT_EQ(first.at("encoder"), small_text_encoder()->name());
  EXPECT_EQ(first.at("embedding").size(), small_text_encoder()->width());
  std::filesystem::rename(path("encoded.jsonl"), path("events.jsonl"));
  train("conversation");
  EXPECT_TRUE(content_of(path("bundle") + "/weights.safetensors") == weights);
}

TEST_F(text_encoder_command, mistakes_in_training_are_one_line) {
  const std::string train_it = "train --events " + path("events.jsonl") + " --out " + path("bundle");
  Outcome outcome = eddy(train_it + " --text bert 2>&1");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.text, HasSubstr("--text bert and --text-encoder DIR belong together"));
  outcome = eddy(train_it + " --text bert --text-encoder " + path("nowhere") + " 2>&1");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.text, HasSubstr("there is no config.json"));
  EXPECT_THAT(outcome.text, Not(HasSubstr("encoding texts")));
  outcome = eddy(train_it + " --model keyword --text bert --text-encoder " + path("encoder") + " 2>&1");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.text, HasSubstr("the model keyword does not read what was said"));
}

}  // namespace
}  // namespace eddy

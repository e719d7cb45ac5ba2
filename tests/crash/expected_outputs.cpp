#include "crash/expected_outputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "integration/event_lines.h"
#include "integration/running_graph.h"
#include "model/bundle.h"

namespace eddy {
namespace {

constexpr int kMostNamed = 5;  // of the same kind of failure

std::map<std::string, Facts> fold_produced(const ProofWork& work) {
  std::vector<std::string> lines;
  lines.reserve(work.produced());
  for (std::size_t i = 0; i < work.produced(); ++i) lines.push_back(work.records()[i].line);
  return fold_lines(lines);
}

/// The events by id, each with its user and how often its recommendation came.
class Tally {
 public:
  explicit Tally(const ProofWork& work) {
    events_.reserve(work.produced());
    for (std::size_t i = 0; i < work.produced(); ++i) {
      const ProofRecord& record = work.records()[i];
      EXPECT_TRUE(events_.emplace(record.id, Event{&record.user, 0}).second)
          << "two events have the id " << record.id;
    }
  }

  void count(const StoredMessage& message) {
    const std::string id = ExpectedOutputs::field(message.value.value_or(""), "event");
    const auto found = events_.find(id);
    if (found == events_.end() || *found->second.user != message.key) {
      if (++unknown_ <= kMostNamed)
        ADD_FAILURE() << "nobody caused this: " << message.key << ' ' << message.value.value_or("(deletion)");
    } else if (++found->second.times == 2 && ++repeated_ <= kMostNamed) {
      repeated_names_ +=
          ' ' + id + " at " + std::to_string(message.partition) + '/' + std::to_string(message.offset);
    }
  }

  void expect_complete(Repeats repeats) const {
    int missing = 0;
    for (const auto& [id, event] : events_) {
      if (event.times == 0 && ++missing <= kMostNamed)
        ADD_FAILURE() << "no recommendation for " << id << " of " << *event.user;
    }
    EXPECT_EQ(missing, 0) << "events without a recommendation";
    EXPECT_EQ(unknown_, 0) << "recommendations that no event caused";
    if (repeats == Repeats::kRefused) {
      EXPECT_EQ(repeated_, 0) << "events with more than one recommendation:" << repeated_names_;
    } else {
      std::cout << repeated_ << " of " << events_.size() << " events have more than one recommendation\n";
    }
  }

 private:
  struct Event {
    const std::string* user;
    int times;
  };

  std::unordered_map<std::string, Event> events_;
  int unknown_ = 0, repeated_ = 0;
  std::string repeated_names_;
};

/// How far the scores of a recommendation are from those of the forward pass.
float distance(const std::string& recommendation, const ScoredModel& model,
               const std::vector<float>& scores) {
  const auto json = nlohmann::json::parse(recommendation);
  const auto& items = json.at("items");
  if (items.size() != scores.size()) return INFINITY;
  float furthest = 0;
  for (const auto& item : items) {
    const auto place = std::find(model.items.begin(), model.items.end(), ItemId(item.at("item")));
    if (place == model.items.end()) return INFINITY;
    const auto index = static_cast<std::size_t>(place - model.items.begin());
    furthest = std::max(furthest, std::abs(scores[index] - item.at("score").get<float>()));
  }
  return furthest;
}

}  // namespace

ExpectedOutputs::ExpectedOutputs(ProofWork& work) : work_(work), facts_(fold_produced(work)) {}

std::string ExpectedOutputs::field(std::string_view recommendation, std::string_view name) {
  const std::string start = '"' + std::string(name) + R"(":")";
  const std::size_t found = recommendation.find(start);
  if (found == std::string_view::npos) return {};
  const std::size_t begin = found + start.size();
  return std::string(recommendation.substr(begin, recommendation.find('"', begin) - begin));
}

void ExpectedOutputs::expect_in_topic(Repeats repeats) const {
  Tally tally(work_);
  std::unordered_map<std::string, std::string> last_by_user;
  work_.broker().for_each(work_.recommendations(), [&](const StoredMessage& message) {
    tally.count(message);
    last_by_user[message.key] = message.value.value_or("");
  });
  tally.expect_complete(repeats);
  expect_fitting(last_by_user);
  EXPECT_TRUE(work_.broker().read(work_.dead_letters()).empty());
}

void ExpectedOutputs::expect_in_state(const std::filesystem::path& state) const {
  expect_same_facts(facts_, stored_facts(state));
}

void ExpectedOutputs::expect_fitting(const std::unordered_map<std::string, std::string>& last_by_user) const {
  const auto loaded = load_bundle(work_.bundle().string());
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const auto recommender = (*loaded)->make_recommender();
  const auto model = recommender->model();
  std::vector<float> scores(model->items.size());
  int different = 0;
  for (const auto& [user, facts] : facts_) {
    const auto last = last_by_user.find(user);
    if (last == last_by_user.end()) continue;  // told already, by the event that has no recommendation
    const Facts* one = &facts;
    ASSERT_TRUE(recommender->score({&one, 1}, scores.data()));
    const float off = distance(last->second, *model, scores);
    if (!(off <= 1e-5F) && ++different <= kMostNamed)
      ADD_FAILURE() << "the last recommendation of " << user << " is off by " << off << ": " << last->second;
  }
  EXPECT_EQ(different, 0) << "users whose last recommendation is not the one of their facts";
}

}  // namespace eddy

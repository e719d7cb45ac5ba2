#include "simulate/optimum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace eddy {
namespace {

constexpr std::uint64_t kSeed = 31;

/// P(outcome | need), or of the background, from the definition alone.
std::vector<double> chances(const std::vector<ContentOutcome>& outcomes, const ContentShares& shares,
                            std::optional<ItemIndex> need) {
  double general = 0;
  std::map<int, double> topics;
  for (const ContentOutcome& outcome : outcomes)
    (outcome.topic ? topics[*outcome.topic] : general) += outcome.weight;
  std::vector<double> result;
  for (const ContentOutcome& outcome : outcomes) {
    double background = (1 - shares.topical_background) * outcome.weight / general;
    if (outcome.topic)
      background = shares.topical_background / published::kItems * outcome.weight / topics[*outcome.topic];
    double chance = background;
    if (need) {
      chance *= 1 - shares.own - shares.related;
      double group_size = 0;
      for (ItemIndex other = 0; other < published::kItems; ++other) {
        group_size += need_group(other) == need_group(*need) ? 1 : 0;
      }
      if (outcome.topic && outcome.topic == need)
        chance += shares.own * outcome.weight / topics[*outcome.topic];
      if (outcome.topic && need_group(*outcome.topic) == need_group(*need)) {
        chance += shares.related * outcome.weight / topics[*outcome.topic] / group_size;
      }
    }
    result.push_back(chance);
  }
  return result;
}

TEST(Optimum, posterior_equals_brute_force_on_a_tiny_configuration) {
  // Two general outcomes, two of each topic; an interaction is three draws, off topic one time in five.
  std::vector<ContentOutcome> outcomes = {{std::nullopt, 1.0}, {std::nullopt, 3.0}};
  for (ItemIndex item = 0; item < published::kItems; ++item) {
    outcomes.push_back({item, 1.0});
    outcomes.push_back({item, 2.0});
  }
  constexpr ContentShares kShares = {0.3, 0.2, 0.4};
  constexpr double kOffTopic = 0.2;
  const TopicMixture mixture(outcomes, kShares);
  const NeedModel needs;
  const std::vector<double> background = chances(outcomes, kShares, std::nullopt);

  Random random(kSeed);
  for (int round = 0; round < 200; ++round) {
    const ItemIndex need = needs.draw_need(random);
    std::vector<std::vector<std::size_t>> history(1 + random.below(3));
    Evidence evidence{};
    for (auto& interaction : history) {
      Evidence contents{};
      for (int draw = 0; draw < 3; ++draw) {
        interaction.push_back(mixture.draw(need, random));
        for (std::size_t i = 0; i < contents.size(); ++i)
          contents[i] += mixture.log_ratio(interaction.back())[i];
      }
      const Evidence said = with_off_topic(contents, kOffTopic);
      for (std::size_t i = 0; i < evidence.size(); ++i) evidence[i] += said[i];
    }
    std::vector<double> joint;
    double total = 0;
    for (ItemIndex other = 0; other < published::kItems; ++other) {
      const std::vector<double> given = chances(outcomes, kShares, other);
      double probability = needs.prior()[other];
      for (const auto& interaction : history) {
        double on = 1, off = 1;
        for (const std::size_t outcome : interaction) {
          on *= given[outcome];
          off *= background[outcome];
        }
        probability *= kOffTopic * off + (1 - kOffTopic) * on;
      }
      joint.push_back(probability);
      total += probability;
    }
    const PerItemShares shares = posterior(needs.prior(), evidence);
    for (std::size_t other = 0; other < published::kItems; ++other) {
      ASSERT_NEAR(shares[other], joint[other] / total, 1e-9) << "seed " << kSeed << " round " << round;
    }
  }
}

TEST(Optimum, a_call_says_what_its_words_say) {
  const CallContents calls;
  Random random(kSeed);
  for (int round = 0; round < 500; ++round) {
    const auto need = static_cast<ItemIndex>(random.below(published::kItems));
    const bool is_customer = random.chance(0.5);
    std::string text;
    Evidence evidence{};
    calls.say(is_customer ? CallContents::Turn::kCustomer : CallContents::Turn::kAgent, &need, random, text,
              evidence);
    Evidence read{};
    std::string word;
    for (const char c : text + " ") {
      if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '-') {
        word += c;
        continue;
      }
      if (const Evidence* said = calls.log_ratio(is_customer ? Speaker::kCustomer : Speaker::kAgent, word)) {
        for (std::size_t i = 0; i < read.size(); ++i) read[i] += (*said)[i];
      }
      word.clear();
    }
    for (std::size_t i = 0; i < read.size(); ++i) ASSERT_NEAR(evidence[i], read[i], 1e-9) << text;
  }
}

TEST(Optimum, contents_tell_outcomes_apart) {
  const CallContents calls;
  EXPECT_EQ(std::set<std::string>(calls.slot_words().begin(), calls.slot_words().end()).size(),
            calls.slot_words().size());
  const WebContents web;
  std::set<std::vector<std::string>> pages;
  std::set<std::string> tags;
  for (std::size_t page = 0; page < web.mixture().size(); ++page) {
    pages.insert(web.tags(page));
    tags.insert(web.tags(page).begin(), web.tags(page).end());
    EXPECT_GE(web.tags(page).size(), 1U);
    EXPECT_LE(web.tags(page).size(), 4U);
  }
  EXPECT_EQ(pages.size(), web.mixture().size());
  EXPECT_GE(tags.size(), 280U);
  EXPECT_LE(tags.size(), 300U);
}

/// The truths of many drawn users.
std::vector<PurchaseTruth> some_truths(const UserStructure& structure) {
  const HistoryMaker maker{SimulatedPeriod{}};
  std::vector<PurchaseTruth> truths;
  Random random(kSeed);
  for (std::size_t user = 0; user < structure.users(); ++user) {
    const UserHistory history = maker.make(structure.plan(user, random), random);
    truths.insert(truths.end(), history.purchases.begin(), history.purchases.end());
  }
  return truths;
}

double hit_rate_at_3(const UserStructure& structure, const std::vector<PurchaseTruth>& truths) {
  Optimum optimum(structure.needs());
  for (const PurchaseTruth& truth : truths) optimum.add(truth);
  return optimum.report().optimum[0].hit_rate[2];
}

TEST(Optimum, beats_popularity_and_any_shuffled_posterior_and_leaves_room) {
  const auto structure = draw_structure(8000);
  std::vector<PurchaseTruth> truths = some_truths(*structure);
  Optimum optimum(structure->needs());
  for (const PurchaseTruth& truth : truths) optimum.add(truth);
  const OptimumReport report = optimum.report();
  for (std::size_t kind = 0; kind < report.optimum.size(); ++kind) {
    EXPECT_GT(report.optimum[kind].hit_rate[2], report.popular[kind].hit_rate[2] + 0.1) << "kind " << kind;
  }
  const double best = report.optimum[0].hit_rate[2];
  EXPECT_GT(best, 0.75);
  EXPECT_LT(best, 0.85);

  // Evidence under the wrong needs, and the evidence of another purchase.
  std::vector<PurchaseTruth> shuffled = truths;
  Random random(kSeed + 1);
  for (PurchaseTruth& truth : shuffled) {
    std::vector<double> values(truth.evidence.begin(), truth.evidence.end());
    random.shuffle(values);
    std::copy(values.begin(), values.end(), truth.evidence.begin());
  }
  EXPECT_GT(best, hit_rate_at_3(*structure, shuffled) + 0.2);
  for (std::size_t i = 0; i < truths.size(); ++i)
    shuffled[i].evidence = truths[(i + 1) % truths.size()].evidence;
  EXPECT_GT(best, hit_rate_at_3(*structure, shuffled) + 0.2);
  // Nor does it help to trust the evidence more or less than it says.
  for (const double trust : {0.4, 2.5}) {
    shuffled = truths;
    for (PurchaseTruth& truth : shuffled) {
      for (double& value : truth.evidence) value *= trust;
    }
    EXPECT_GT(best, hit_rate_at_3(*structure, shuffled)) << trust;
  }
}

TEST(Optimum, posterior_is_calibrated) {
  const auto structure = draw_structure(8000);
  double expected = 0, seen = 0;
  for (const PurchaseTruth& truth : some_truths(*structure)) {
    const PerItemShares shares = posterior(structure->needs().prior(), truth.evidence);
    const auto likeliest = std::max_element(shares.begin(), shares.end());
    expected += *likeliest;
    seen += likeliest - shares.begin() == truth.need ? 1 : 0;
  }
  EXPECT_NEAR(seen / expected, 1.0, 0.02) << "seed " << kSeed;
}

TEST(RankingTally, measures_as_defined) {
  RankingTally tally;
  std::array<ItemIndex, published::kItems> ranking{};
  for (ItemIndex item = 0; item < published::kItems; ++item) ranking[item] = item;
  tally.add(HistoryKind::kBoth, ranking, {1, 3});
  tally.add(HistoryKind::kCallsOnly, ranking, {20});
  const FiguresByKind figures = tally.figures();
  const RankingFigures& both = figures[static_cast<std::size_t>(HistoryKind::kBoth)];
  EXPECT_EQ(both.events, 1U);
  EXPECT_DOUBLE_EQ(both.hit_rate[0], 0.0);
  EXPECT_DOUBLE_EQ(both.hit_rate[1], 1.0);
  EXPECT_DOUBLE_EQ(both.mean_average_precision[1], 0.25);
  EXPECT_DOUBLE_EQ(both.mean_average_precision[3], (0.5 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(figures[0].hit_rate[4], 0.5);
  EXPECT_EQ(figures[0].events, 2U);
}

}  // namespace
}  // namespace eddy

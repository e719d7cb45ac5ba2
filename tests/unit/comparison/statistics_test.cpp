#include "model/comparison/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

using testing::DoubleEq;
using testing::DoubleNear;
using testing::ElementsAre;

std::vector<std::uint32_t> users_of_their_own(std::size_t events) {
  std::vector<std::uint32_t> users;
  for (std::uint32_t event = 0; event < events; ++event) users.push_back(100 + event);
  return users;
}

/// `plus` times 1, then `minus` times -1.
std::vector<double> signs(std::size_t plus, std::size_t minus) {
  std::vector<double> values(plus, 1.0);
  values.insert(values.end(), minus, -1.0);
  return values;
}

TEST(Spread, is_the_mean_and_the_deviation_of_a_sample) {
  const std::vector<double> values{1, 2, 3, 4};
  const Spread spread = spread_of(values);
  EXPECT_DOUBLE_EQ(spread.mean, 2.5);
  EXPECT_NEAR(spread.deviation, 1.2909944487, 1e-9);
  EXPECT_EQ(spread.values, 4U);
}

TEST(Spread, of_one_value_has_no_deviation_and_of_none_nothing) {
  const std::vector<double> one{7};
  EXPECT_DOUBLE_EQ(spread_of(one).mean, 7);
  EXPECT_DOUBLE_EQ(spread_of(one).deviation, 0);
  EXPECT_EQ(spread_of({}).values, 0U);
}

// Values of Wilson (1927) as computed by hand from the formula with z = 1.96.
TEST(WilsonInterval, agrees_with_known_values) {
  const Interval half = wilson_interval(0.5, 100);
  EXPECT_NEAR(half.low, 0.40383, 1e-5);
  EXPECT_NEAR(half.high, 0.59617, 1e-5);
  const Interval none = wilson_interval(0, 10);
  EXPECT_DOUBLE_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.27754, 1e-5);
  EXPECT_NEAR(wilson_interval(1, 1).low, 0.20655, 1e-5);
  EXPECT_DOUBLE_EQ(wilson_interval(1, 1).high, 1);
  EXPECT_DOUBLE_EQ(wilson_interval(0.5, 0).high, 1);
}

TEST(PairedComparison, differences_that_are_all_equal_leave_no_doubt) {
  const PairedComparison paired(users_of_their_own(50));
  const auto results = paired.run({std::vector<double>(50, 0.25), std::vector<double>(50, 0.0)});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_DOUBLE_EQ(results[0].mean, 0.25);
  EXPECT_DOUBLE_EQ(results[0].interval.low, 0.25);
  EXPECT_DOUBLE_EQ(results[0].interval.high, 0.25);
  EXPECT_DOUBLE_EQ(results[0].p, 1.0 / (PairedComparison::kResamples + 1));
  EXPECT_DOUBLE_EQ(results[1].p, 1);
}

// Of n users who all differ in the same way, each of 2^n outcomes of the coins is equally likely, and two are
// as far.
TEST(PairedComparison, few_users_prove_nothing) {
  const auto p_of = [](std::size_t users) {
    return PairedComparison(users_of_their_own(users)).run({std::vector<double>(users, 1.0)})[0].p;
  };
  EXPECT_DOUBLE_EQ(p_of(1), 1);
  EXPECT_NEAR(p_of(3), 0.25, 0.02);
  EXPECT_NEAR(p_of(6), 2.0 / 64, 0.007);
}

// 110 of +1 and 90 of -1: the coins' sum has the variance 200 and steps of 2, so
// p = 2 · (1 - Φ(19 / 14.14)) = .179; the interval is .1 ± 1.96 · .0704.
TEST(PairedComparison, agrees_with_the_normal_distribution) {
  const PairedComparison paired(users_of_their_own(200));
  const auto results = paired.run({signs(110, 90)});
  EXPECT_DOUBLE_EQ(results[0].mean, 0.1);
  EXPECT_NEAR(results[0].p, 0.179, 0.015);
  EXPECT_NEAR(results[0].interval.low, 0.1 - 0.138, 0.011);
  EXPECT_NEAR(results[0].interval.high, 0.1 + 0.138, 0.011);
}

// The same values where two neighbours are of one user: half as many coins, steps of 4, so
// p = 2 · (1 - Φ(18 / 20)) = .368.
TEST(PairedComparison, events_of_one_user_are_drawn_together) {
  std::vector<std::uint32_t> users;
  for (std::uint32_t event = 0; event < 200; ++event) users.push_back(event / 2);
  const auto results = PairedComparison(users).run({signs(110, 90)});
  EXPECT_NEAR(results[0].p, 0.368, 0.02);
}

TEST(PairedComparison, the_same_input_gives_the_same_result) {
  const PairedComparison paired(users_of_their_own(40));
  const auto first = paired.run({signs(25, 15)}), again = paired.run({signs(25, 15), signs(20, 20)});
  EXPECT_EQ(first[0].p, again[0].p);
  EXPECT_EQ(first[0].interval.low, again[0].interval.low);
  EXPECT_TRUE(PairedComparison({}).run({}).empty());
}

TEST(HolmCorrection, agrees_with_values_computed_by_hand) {
  const std::vector<double> p{0.01, 0.04, 0.03};
  EXPECT_THAT(holm_corrected(p), ElementsAre(DoubleEq(0.03), DoubleEq(0.06), DoubleEq(0.06)));
  const std::vector<double> large{0.6, 0.5};
  EXPECT_THAT(holm_corrected(large), ElementsAre(1.0, 1.0));
  const std::vector<double> one{0.02};
  EXPECT_THAT(holm_corrected(one), ElementsAre(DoubleNear(0.02, 1e-12)));
  EXPECT_TRUE(holm_corrected({}).empty());
}

}  // namespace
}  // namespace eddy

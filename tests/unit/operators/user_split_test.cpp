#include "operators/refresh/user_split.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

namespace eddy {
namespace {

UserId user(int number) {
  return UserId("user-" + std::to_string(number));
}

TEST(UserSplit, is_the_same_on_every_machine_and_in_every_version) {
  const std::vector<double> shares = {0.5, 0.5};
  const UserSplit split(shares, "eddy");
  std::string arms;
  for (int i = 0; i < 24; ++i) arms += std::to_string(split.arm_of(user(i)));
  EXPECT_EQ(arms, "010001010000110011010001");
}

TEST(UserSplit, one_arm_has_everybody) {
  const std::vector<double> all = {1.0};
  const UserSplit split(all, "salt");
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(split.arm_of(user(i)), 0U);
}

RC_GTEST_PROP(UserSplit, gives_each_arm_its_share_of_the_users, (const std::string& salt)) {
  const std::vector<double> shares = {0.05, 0.25, 0.7};
  const UserSplit split(shares, salt);
  constexpr int kUsers = 4000;
  std::vector<double> counts(shares.size());
  for (int i = 0; i < kUsers; ++i) ++counts.at(split.arm_of(user(i)));
  for (std::size_t arm = 0; arm < shares.size(); ++arm) {
    const double deviation = std::sqrt(kUsers * shares[arm] * (1 - shares[arm]));
    RC_ASSERT(std::abs(counts[arm] - kUsers * shares[arm]) < 6 * deviation);
  }
}

TEST(UserSplit, a_larger_share_keeps_the_users_that_the_arm_had) {
  const std::vector<double> before = {0.1, 0.9};
  const std::vector<double> after = {0.3, 0.7};
  const UserSplit small(before, "salt");
  const UserSplit large(after, "salt");
  for (int i = 0; i < 1000; ++i) {
    if (small.arm_of(user(i)) == 0) {
      ASSERT_EQ(large.arm_of(user(i)), 0U);
    }
  }
}

TEST(UserSplit, another_salt_shares_out_anew) {
  const std::vector<double> shares = {0.5, 0.5};
  const UserSplit one(shares, "one");
  const UserSplit other(shares, "other");
  int moved = 0;
  for (int i = 0; i < 1000; ++i) moved += one.arm_of(user(i)) != other.arm_of(user(i)) ? 1 : 0;
  EXPECT_NEAR(moved, 500, 100);
}

}  // namespace
}  // namespace eddy

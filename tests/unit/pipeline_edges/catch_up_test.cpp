#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/kafka/changelog_restore.h"

namespace eddy {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr milliseconds kRetention{1000};

Result<CatchUp> plan(std::optional<ChangelogMark> mark, bool is_empty, std::int64_t first, std::int64_t end) {
  ManualClock clock;
  clock.advance(milliseconds(10'000));
  return plan_catch_up(mark, is_empty, {first, end}, kRetention, clock);
}

TEST(plan_catch_up, a_new_store_reads_all) {
  const auto planned = plan({}, true, 3, 9);
  ASSERT_TRUE(planned);
  EXPECT_EQ(*planned, CatchUp::kFromBeginning);
}

TEST(plan_catch_up, a_store_that_followed_lately_reads_the_tail) {
  const auto planned = plan(ChangelogMark{5, 9'500}, false, 3, 9);
  ASSERT_TRUE(planned);
  EXPECT_EQ(*planned, CatchUp::kFromMark);
}

TEST(plan_catch_up, a_store_at_the_end_is_up_to_date_however_old_it_is) {
  const auto planned = plan(ChangelogMark{9, 0}, false, 3, 9);
  ASSERT_TRUE(planned);
  EXPECT_EQ(*planned, CatchUp::kFromMark);
}

TEST(plan_catch_up, a_store_that_may_have_missed_deletions_is_built_anew) {
  for (const ChangelogMark mark : {ChangelogMark{2, 9'999}, ChangelogMark{5, 9'000}}) {
    const auto planned = plan(mark, false, 3, 9);
    ASSERT_TRUE(planned);
    EXPECT_EQ(*planned, CatchUp::kRebuild) << mark.next << " at " << mark.stored_milliseconds;
  }
}

TEST(plan_catch_up, a_store_without_changelog_or_of_another_one_is_refused) {
  const auto without = plan({}, false, 0, 9);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().fault, Fault::kUser);
  EXPECT_THAT(without.error().message, HasSubstr("at_least_once"));
  const auto beyond = plan(ChangelogMark{10, 9'999}, false, 0, 9);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().fault, Fault::kUser);
  EXPECT_THAT(beyond.error().message, HasSubstr("10"));
}

}  // namespace
}  // namespace eddy

#include "state/profile/forget.h"

#include <gtest/gtest.h>

#include "state/profile/fold.h"
#include "unit/state/fact_events.h"

namespace eddy {
namespace {

TEST(Forget, takes_exactly_what_came_before_it) {
  const std::vector<Event> events = {action(0, "s", {"before"}), action(10, "s", {"after"}),
                                     said(1, "c", 1, "before"),  said(9, "c", 2, "after"),
                                     bought(2, "p", {"car"}),    event_at(5, Forget{})};
  FoldOptions options;
  Facts last;  // the forget comes last
  for (const Event& event : events) fold(event, options, last);
  Facts first;  // and first
  for (auto event = events.rbegin(); event != events.rend(); ++event) fold(*event, options, first);
  EXPECT_EQ(last, first);
  ASSERT_EQ(last.sessions.size(), 1U);
  EXPECT_EQ(last.sessions[0].actions.size(), 1U);
  EXPECT_TRUE(last.sessions[0].actions[0].tags.contains("after"));
  ASSERT_EQ(last.calls[0].utterances.size(), 1U);
  EXPECT_TRUE(last.purchases.empty());
}

TEST(Forget, older_events_count_for_nothing_whenever_they_arrive) {
  FoldOptions options;
  Facts facts;
  EXPECT_EQ(fold(event_at(5, Forget{}), options, facts), FoldOutcome::kChanged);
  EXPECT_EQ(fold(event_at(4, Forget{}), options, facts), FoldOutcome::kUnchanged);
  EXPECT_EQ(fold(action(5, "s", {"a"}), options, facts), FoldOutcome::kUnchanged);
  EXPECT_FALSE(facts.empty()) << "that something was forgotten is itself a fact";
  EXPECT_EQ(fold(action(5.001, "s", {"a"}), options, facts), FoldOutcome::kChanged);
}

}  // namespace
}  // namespace eddy

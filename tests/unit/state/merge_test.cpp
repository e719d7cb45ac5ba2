#include "state/profile/merge.h"

#include <gtest/gtest.h>

#include "unit/state/fact_events.h"

namespace eddy {
namespace {

Facts folded(const std::vector<Event>& events) {
  Facts facts;
  for (const Event& event : events) fold(event, {}, facts);
  return facts;
}

TEST(Merge, is_as_if_every_event_had_been_folded_into_one) {
  const std::vector<Event> visitor = {action(0, "", {"a"}), action(50, "", {"b"}), action(3, "s", {"c"}),
                                      said(4, "c", 1, "visitor speaks"), bought(6, "p1", {"car"})};
  const std::vector<Event> user = {action(25, "", {"d"}), said(5, "c", 2, "user speaks"),
                                   action(3, "s", {"e"}), event_at(1, Portfolio{{ItemId("home")}})};
  Facts from = folded(visitor);
  Facts into = folded(user);
  EXPECT_TRUE(merge(std::move(from), {}, into));
  std::vector<Event> all = visitor;
  all.insert(all.end(), user.begin(), user.end());
  EXPECT_EQ(into, folded(all));
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): merge says what it leaves
}

TEST(Merge, nothing_new_is_no_change) {
  Facts into = folded({action(0, "s", {"a"})});
  EXPECT_FALSE(merge(folded({action(0, "s", {"a"})}), {}, into));
  EXPECT_FALSE(merge(Facts{}, {}, into));
}

}  // namespace
}  // namespace eddy

#include "state/profile/interactions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "state/profile/fold.h"
#include "unit/state/fact_events.h"

namespace eddy {
namespace {

Event clicked(double minutes, const std::string& session) {
  return action(minutes, session, {"tag"});
}

Event purchase(double minutes) {
  return bought(minutes, "", {"item"});
}

Facts folded(const std::vector<Event>& events) {
  Facts facts;
  for (const Event& event : events) fold(event, FoldOptions{}, facts);
  return facts;
}

/// The marked interactions of these facts; the facts outlive them.
std::vector<Interaction> marked(const Facts& facts) {
  std::vector<Interaction> interactions;
  list_interactions(facts, interactions);
  mark_purchases(facts, interactions);
  return interactions;
}

std::vector<bool> marks_of(const std::vector<Interaction>& interactions) {
  std::vector<bool> marks;
  for (const Interaction& interaction : interactions) marks.push_back(interaction.follows_purchase);
  return marks;
}

TEST(Interactions, the_first_one_after_a_purchase_is_marked) {
  const Facts facts = folded(
      {clicked(10, "a"), purchase(20), clicked(30, "b"), clicked(40, "c"), purchase(50), purchase(55)});
  EXPECT_EQ(marks_of(marked(facts)), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(interactions_since_purchase(marked(facts)), 2U);
}

TEST(Interactions, a_purchase_before_all_of_them_marks_the_first) {
  const Facts facts = folded({purchase(5), clicked(10, "a"), clicked(20, "b")});
  EXPECT_EQ(marks_of(marked(facts)), (std::vector<bool>{true, false}));
  EXPECT_EQ(interactions_since_purchase(marked(facts)), 2U);
}

TEST(Interactions, a_purchase_in_the_midst_of_one_is_before_the_next) {
  const Facts facts = folded({clicked(10, "a"), purchase(15), clicked(20, "a"), clicked(30, "b")});
  EXPECT_EQ(marks_of(marked(facts)), (std::vector<bool>{false, true}));
}

TEST(Interactions, a_purchase_at_the_first_event_of_one_is_not_before_it) {
  const Facts facts = folded({clicked(10, "a"), purchase(20), clicked(20, "b"), clicked(30, "c")});
  EXPECT_EQ(marks_of(marked(facts)), (std::vector<bool>{false, false, true}));
}

TEST(Interactions, without_a_purchase_all_of_them_are_since_the_last) {
  const Facts facts = folded({clicked(10, "a"), clicked(20, "b")});
  EXPECT_EQ(interactions_since_purchase(marked(facts)), 2U);
  EXPECT_EQ(interactions_since_purchase({}), 0U);
}

TEST(Interactions, a_late_purchase_changes_the_revision_of_the_one_after_it_alone) {
  Facts facts = folded({clicked(10, "a"), clicked(30, "b"), clicked(50, "c")});
  std::vector<std::uint64_t> before;
  for (const Interaction& interaction : marked(facts)) before.push_back(interaction.revision());
  fold(purchase(20), FoldOptions{}, facts);
  const std::vector<Interaction> after = marked(facts);
  EXPECT_EQ(after[0].revision(), before[0]);
  EXPECT_NE(after[1].revision(), before[1]);
  EXPECT_EQ(after[2].revision(), before[2]);
}

}  // namespace
}  // namespace eddy

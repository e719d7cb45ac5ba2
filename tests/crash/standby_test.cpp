// A process that keeps warm copies takes a dead one's shards over by the changelog's tail alone.
#include <iostream>

#include "crash/proof.h"

namespace eddy {
namespace {

class standby : public Proof {};

TEST_F(standby, takes_over_a_killed_members_shards_by_the_changelogs_tail) {
  constexpr long kTail =
      1000;  // what may be written while the copy looks away for a moment, and far below all
  begin({.events = 40'000, .users = 20'000});
  const ProofProcess first_process = {"first", "", 1}, second_process = {"second", "", 1};
  auto first = start(first_process);
  ASSERT_TRUE(wait_for_records(work().produced() / 2, {first.get()}));
  auto second = start(second_process);
  // Half of the shards become its own, by their whole changelogs; it follows the other two.
  ASSERT_TRUE(wait_for_output("the warm copy is up to date", *second, 2));
  const std::size_t before = second->output().size();
  EXPECT_GT(longest_restore(second->output(), 0).value_or(0), kTail)
      << "the work is too small to tell a tail from all";
  ASSERT_TRUE(wait_for_records(work().produced(), {first.get(), second.get()}));

  first->kill();
  // Done only when all four shards are the second's.
  work().produce_until(work().produced() + kHeldBack / 2);
  ASSERT_TRUE(wait_for_records(work().produced(), {second.get()}));
  const long restored = longest_restore(second->output(), before).value_or(0);
  std::cout << "the longest restore of the take-over: " << restored << " offsets\n";
  EXPECT_LT(restored, kTail);

  // And back: what followed must also be a state that can be worked on.
  first = start(first_process);
  ASSERT_TRUE(wait_for_output("the warm copy is up to date", *first, 2));
  second->kill();
  second.reset();
  work().produce_until(work().produced() + kHeldBack / 4);
  ASSERT_TRUE(wait_for_records(work().produced(), {first.get()}));
  const auto end = first->stop();
  ASSERT_TRUE(end) << first->last_line();
  EXPECT_EQ(*end, (ProcessEnd{0, 0})) << first->last_line();
  finish_and_compare(first_process);
}

}  // namespace
}  // namespace eddy

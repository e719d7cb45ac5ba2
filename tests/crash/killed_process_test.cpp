// The process dies by SIGKILL while it works, and is started again.
#include "crash/proof.h"

namespace eddy {
namespace {

class killed_process : public Proof {};

TEST_F(killed_process, ten_kills_at_random_moments_lose_nothing_and_double_nothing) {
  begin({});
  // A static member: its successor need not wait until the group has missed it.
  const ProofProcess process = {"only", "only"};
  ASSERT_NO_FATAL_FAILURE(kill_while_working(process, 10));
  finish_and_compare(process);
}

TEST_F(killed_process, a_successor_waits_until_the_group_has_missed_the_dead_member) {
  ProofWorkOptions options;
  options.events = 20'000;
  options.users = 4000;
  begin(options);
  const ProofProcess process = {"only", ""};
  ASSERT_NO_FATAL_FAILURE(kill_while_working(process, 2));
  finish_and_compare(process);
}

TEST_F(killed_process, at_least_once_repeats_some_outputs_but_loses_nothing_and_keeps_the_same_profiles) {
  ProofWorkOptions options;
  options.events = 40'000;
  options.users = 8000;
  options.delivery = "at_least_once";
  begin(options);
  const ProofProcess process = {"only", ""};
  ASSERT_NO_FATAL_FAILURE(kill_while_working(process, 2));
  finish_and_compare(process);
}

}  // namespace
}  // namespace eddy

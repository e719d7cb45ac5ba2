// A process that is stopped for longer than its session lasts loses its shards to another, and then wakes.
#include <csignal>
#include <iostream>

#include "crash/proof.h"

namespace eddy {
namespace {

class zombie : public Proof {
 protected:
  /// Stops `sleeper` while it works, lets `heir` take over and go on, and wakes the sleeper.
  void sleep_through_a_takeover(EddyProcess& sleeper, const ProofProcess& heir_process,
                                std::unique_ptr<EddyProcess>& heir, std::size_t troubles_left) {
    ASSERT_TRUE(wait_for_records(next_trouble(troubles_left), {&sleeper}));
    wait_a_moment(sleeper);
    sleeper.send(SIGSTOP);
    const std::size_t asleep_at = records_done();
    ASSERT_LT(asleep_at, work().produced()) << "it was stopped after its work";
    if (!heir) heir = start(heir_process);
    // Nobody but the heir can commit, and the heir only once the sleeper's shards are the heir's.
    ASSERT_TRUE(wait_for_records(next_trouble(troubles_left), {heir.get()}));
    EXPECT_GT(records_done(), asleep_at);
    EXPECT_LT(records_done(), work().produced()) << "it wakes after all work is done";
    sleeper.send(SIGCONT);
  }

  /// It belongs to the group again, or has ended with a line that says why.
  static void expect_alive_or_clear(EddyProcess& process) {
    const auto end = process.stop();
    ASSERT_TRUE(end) << "it does not end: " << process.last_line();
    if (*end == ProcessEnd{0, 0}) return;
    EXPECT_EQ(*end, (ProcessEnd{1, 0})) << process.last_line();
    expect_clear_line(process.last_line());
    std::cout << "the zombie ended: " << process.last_line() << '\n';
  }
};

TEST_F(zombie, writes_nothing_once_it_wakes) {
  begin({});
  const ProofProcess sleeper_process = {"sleeper", ""}, heir_process = {"heir", ""};
  auto sleeper = start(sleeper_process);
  std::unique_ptr<EddyProcess> heir;
  ASSERT_NO_FATAL_FAILURE(sleep_through_a_takeover(*sleeper, heir_process, heir, 2));
  ASSERT_TRUE(wait_for_records(work().produced(), {heir.get()}));
  ASSERT_NO_FATAL_FAILURE(expect_alive_or_clear(*sleeper));
  ASSERT_NO_FATAL_FAILURE(expect_alive_or_clear(*heir));
  // What it wrote to its own disk around its sleep must not count either.
  finish_and_compare(sleeper_process);
}

TEST_F(zombie, in_a_group_of_two_keeps_nothing_of_what_it_had_begun) {
  ProofWorkOptions options;
  options.at_first = 20'000;
  begin(options);
  const ProofProcess sleeper_process = {"sleeper", ""}, heir_process = {"heir", ""};
  auto heir = start(heir_process);
  ASSERT_TRUE(wait_for_records(options.at_first, {heir.get()}));
  auto sleeper = start(sleeper_process);
  // It has shards of its own, and both have work.
  ASSERT_TRUE(wait_for_output("the state is up to date", *sleeper));
  work().produce_until(options.events - 2 * kHeldBack);
  ASSERT_NO_FATAL_FAILURE(sleep_through_a_takeover(*sleeper, heir_process, heir, 3));
  ASSERT_TRUE(wait_for_records(work().produced(), {heir.get()}));
  ASSERT_NO_FATAL_FAILURE(expect_alive_or_clear(*sleeper));
  ASSERT_NO_FATAL_FAILURE(expect_alive_or_clear(*heir));
  finish_and_compare(sleeper_process);
}

TEST_F(zombie, whose_identity_another_process_took_ends_with_a_clear_line_and_writes_nothing) {
  begin({});
  const ProofProcess sleeper_process = {"sleeper", "only"}, heir_process = {"heir", "only"};
  auto sleeper = start(sleeper_process);
  std::unique_ptr<EddyProcess> heir;
  ASSERT_NO_FATAL_FAILURE(sleep_through_a_takeover(*sleeper, heir_process, heir, 2));
  const auto end = sleeper->wait(std::chrono::minutes(1));
  ASSERT_TRUE(end) << "it goes on under an identity that is another's: " << sleeper->last_line();
  EXPECT_EQ(*end, (ProcessEnd{1, 0})) << sleeper->last_line();
  expect_clear_line(sleeper->last_line());
  std::cout << "the zombie ended: " << sleeper->last_line() << '\n';
  ASSERT_TRUE(wait_for_records(work().produced(), {heir.get()}));
  ASSERT_NO_FATAL_FAILURE(expect_alive_or_clear(*heir));
  finish_and_compare(sleeper_process);
}

}  // namespace
}  // namespace eddy

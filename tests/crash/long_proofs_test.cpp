// The long forms of the proofs: more work, more kills, longer troubles.
#include "crash/broker_trouble.h"

namespace eddy {
namespace {

class long_proofs : public BrokerTrouble {
 protected:
  void SetUp() override {
    BrokerTrouble::SetUp();
    if (!is_long_run()) GTEST_SKIP() << "SKIPPED: takes minutes; ./dev test --long runs it.";
  }
};

TEST_F(long_proofs, fifty_kills_during_a_million_events_lose_nothing_and_double_nothing) {
  ProofWorkOptions options;
  options.events = 1'000'000;
  options.users = 200'000;
  begin(options);
  const ProofProcess process = {"only", "only"};
  ASSERT_NO_FATAL_FAILURE(kill_while_working(process, 50));
  finish_and_compare(process);
}

TEST_F(long_proofs, ten_kills_of_a_member_that_the_group_has_to_miss_lose_nothing_and_double_nothing) {
  begin({});
  const ProofProcess process = {"only", ""};
  ASSERT_NO_FATAL_FAILURE(kill_while_working(process, 10));
  finish_and_compare(process);
}

TEST_F(long_proofs, a_broker_killed_and_restarted_ten_times_costs_nothing) {
  ProofWorkOptions options;
  options.events = 400'000;
  options.users = 80'000;
  begin_on_own_broker(options);
  const ProofProcess process = {"only", ""};
  ASSERT_NO_FATAL_FAILURE(kill_broker_while_working(process, 10));
  finish_and_compare(process);
}

TEST_F(long_proofs, a_broker_frozen_for_longer_than_a_transaction_may_last_costs_nothing) {
  begin_on_own_broker({});
  const ProofProcess process = {"only", ""};
  ASSERT_NO_FATAL_FAILURE(freeze_broker_while_working(process, std::chrono::seconds(75)));
  finish_and_compare(process);
}

}  // namespace
}  // namespace eddy

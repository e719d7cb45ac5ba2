// The broker dies or freezes during load. The process goes on by itself, or ends with one clear line and goes
// on when it is started again.
#include "crash/broker_trouble.h"

namespace eddy {
namespace {

using broker_trouble = BrokerTrouble;

TEST_F(broker_trouble, a_broker_killed_and_restarted_three_times_costs_nothing) {
  begin_on_own_broker({});
  const ProofProcess process = {"only", ""};
  ASSERT_NO_FATAL_FAILURE(kill_broker_while_working(process, 3));
  finish_and_compare(process);
}

TEST_F(broker_trouble, a_broker_frozen_for_twenty_seconds_costs_nothing) {
  ProofWorkOptions options;
  options.events = 60'000;
  options.users = 12'000;
  begin_on_own_broker(options);
  const ProofProcess process = {"only", ""};
  ASSERT_NO_FATAL_FAILURE(freeze_broker_while_working(process, std::chrono::seconds(20)));
  finish_and_compare(process);
}

}  // namespace
}  // namespace eddy

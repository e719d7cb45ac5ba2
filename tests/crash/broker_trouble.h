#pragma once

#include <memory>

#include "crash/own_broker.h"
#include "crash/proof.h"

namespace eddy {

/// Proofs in which the broker is what fails.
class BrokerTrouble : public Proof {
 protected:
  void begin_on_own_broker(const ProofWorkOptions& options) {
    broker_ = std::make_unique<OwnBroker>(broker_directory_.path());
    begin(options, broker_->address());
  }

  /// Kills the broker so many times during load, and brings it back.
  void kill_broker_while_working(const ProofProcess& process, std::size_t kills) {
    auto running = start(process);
    for (std::size_t left = kills; left > 0; --left) {
      ASSERT_TRUE(wait_with_restarts(next_trouble(left), process, running));
      ASSERT_LT(records_done(), work().produced()) << "the broker died after the work";
      wait_a_moment(*running);
      broker_->kill();
      wait_a_moment(*running);
      broker_->restart();
    }
    finish_load(process, running);
  }

  /// Stops the broker for that time during load.
  void freeze_broker_while_working(const ProofProcess& process, std::chrono::milliseconds time) {
    auto running = start(process);
    ASSERT_TRUE(wait_with_restarts(next_trouble(1), process, running));
    ASSERT_LT(records_done(), work().produced()) << "the broker froze after the work";
    broker_->freeze_for(time);
    finish_load(process, running);
  }

 private:
  void finish_load(const ProofProcess& process, std::unique_ptr<EddyProcess>& running) {
    ASSERT_TRUE(wait_with_restarts(work().produced(), process, running));
    const auto end = running->stop();
    ASSERT_TRUE(end) << "it does not drain: " << running->last_line();
    EXPECT_EQ(*end, (ProcessEnd{0, 0})) << running->last_line();
  }

  TemporaryDirectory broker_directory_;
  std::unique_ptr<OwnBroker> broker_;
};

}  // namespace eddy

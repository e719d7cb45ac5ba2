#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "crash/proof.h"
#include "state/store/rocks_profile_store.h"
#include "state/store/state_directory.h"

namespace eddy {

/// What a command said.
struct Said {
  int code = -1;
  std::string text;  ///< standard output and standard error
};

/// `eddy run` over small work on a real broker, and commands about what it leaves behind, as typed.
class EddyCommands : public Proof {
 protected:
  static constexpr std::size_t kRecords = 4000;

  void begin_work(const std::string& delivery = "exactly_once") {
    ProofWorkOptions options;
    options.events = kRecords + 2 * kHeldBack;
    options.users = 1500;
    options.delivery = delivery;
    begin(options);
  }

  /// `eddy run` until so many recommendations are there, and a clean stop. Every record makes one.
  void run_until(std::size_t recommendations) {
    const auto running = start(kProcess);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (recommended() < recommendations) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << recommended() << " recommendations";
      ASSERT_FALSE(running->wait(std::chrono::milliseconds(20))) << running->last_line();
    }
    const auto end = running->stop();
    ASSERT_TRUE(end);
    ASSERT_EQ(*end, (ProcessEnd{0, 0})) << running->last_line();
    ASSERT_EQ(recommended(), recommendations);
  }

  /// `eddy FIRST SECOND --config CONFIGURATION REST…`
  Said eddy(const std::string& first, const std::string& second, const std::vector<std::string>& rest = {}) {
    EddyProcess::Command command;
    command.arguments = {first, second, "--config", work().write_configuration(kProcess).string()};
    command.arguments.insert(command.arguments.end(), rest.begin(), rest.end());
    command.log = work().directory() / "commands.log";
    EddyProcess process(command);
    const auto end = process.wait(std::chrono::minutes(2));
    if (!end) return {-1, "it does not end: " + process.output()};
    return {end->code, process.output()};
  }

  [[nodiscard]] std::size_t recommended() { return work().broker().read(work().recommendations()).size(); }
  [[nodiscard]] std::filesystem::path state() { return work().state(kProcess.state); }
  [[nodiscard]] std::filesystem::path shard_path(std::int32_t shard) {
    return StateDirectory::shard_path(state(), ShardId(shard));
  }

  static inline const ProofProcess kProcess = {"only", ""};
};

}  // namespace eddy

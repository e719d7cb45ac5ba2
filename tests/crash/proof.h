#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crash/eddy_process.h"
#include "crash/expected_outputs.h"
#include "crash/group_offsets.h"
#include "crash/proof_work.h"
#include "simulate/random.h"

namespace eddy {

/// What the proofs of exactly-once share: work on a real broker, processes that do it, and the comparison at
/// the end.
///
///     begin() → start(), wait_for_records(), kills and other troubles → finish_and_compare()
///
/// The last records of the work are held back for the end, when one process alone does them: it takes over
/// every shard, and its state directory holds all profiles.
class Proof : public testing::Test {
 protected:
  using Environment = std::map<std::string, std::string>;

  Proof();
  void SetUp() override { EDDY_NEEDS_BROKER(); }
  /// Shows what the processes wrote, where the test has failed; deletes the topics.
  void TearDown() override;

  /// Makes the topics and puts all records into them but those that are held back.
  void begin(ProofWorkOptions options, const std::string& brokers);
  void begin(const ProofWorkOptions& options) { begin(options, *TestBroker::address()); }
  [[nodiscard]] ProofWork& work() { return *work_; }

  /// `eddy run` with the state directory and instance of that name.
  [[nodiscard]] std::unique_ptr<EddyProcess> start(const ProofProcess& process,
                                                   const Environment& environment = {});

  /// The number of records whose effects are committed.
  [[nodiscard]] std::size_t records_done() { return offsets_->total(); }
  /// Waits until so many are done. False, and a test failure, if a process ends or five minutes pass before.
  [[nodiscard]] bool wait_for_records(std::size_t count, const std::vector<EddyProcess*>& processes);
  /// Waits until the process has written that text so many times. False, and a test failure, if it ends or a
  /// minute passes before.
  [[nodiscard]] static bool wait_for_output(const std::string& text, EddyProcess& process,
                                            std::size_t times = 1);
  /// As wait_for_records(), where a process may give up with one clear line and exit status 1: it is started
  /// again, a few times.
  [[nodiscard]] bool wait_with_restarts(std::size_t count, const ProofProcess& process,
                                        std::unique_ptr<EddyProcess>& running);
  /// A number of done records, at random within the next share of what is left: where the next of so many
  /// troubles comes.
  [[nodiscard]] std::size_t next_trouble(std::size_t troubles_left);
  /// Up to 50 ms at random, unless the process ends before.
  void wait_a_moment(EddyProcess& process);

  /// Starts the process and kills it so many times, each time while it works; says how many kills hit running
  /// work, and fails if one did not.
  void kill_while_working(const ProofProcess& process, std::size_t kills);

  /// Lets `process`, all alone, finish the work; then a process with an empty state directory. Both state
  /// directories and all outputs must be the expected ones. At least once: repeats are allowed, and a state
  /// cannot be restored.
  void finish_and_compare(const ProofProcess& process);
  /// The first half of that: finishes all but the very last records, and compares the state.
  void finish_alone(const ProofProcess& process);

  /// How many offsets of the changelog the process has read for its shards at most, behind `from` in its
  /// output; nothing where it opened none that had something to read.
  [[nodiscard]] static std::optional<long> longest_restore(const std::string& output, std::size_t from);

  /// The line is one that a person can act on: "eddy run: …".
  static void expect_clear_line(const std::string& line);

  [[nodiscard]] Random& random() { return random_; }
  static constexpr std::size_t kHeldBack = 1000;  ///< for each of the two last processes

 private:
  void finish_up_to(std::size_t count, const ProofProcess& process);

  Random random_;
  std::unique_ptr<ProofWork> work_;
  std::unique_ptr<GroupOffsets> offsets_;
  std::vector<std::string> started_;  // names of state directories
};

/// Whether the test runs in its long form (./dev test --long).
[[nodiscard]] bool is_long_run();

}  // namespace eddy

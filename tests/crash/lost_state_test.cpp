// A state directory that is gone is restored from the changelog; one that is damaged is refused or rebuilt,
// and never served wrong.
#include <csignal>
#include <iostream>

#include "crash/damaged_file.h"
#include "crash/proof.h"
#include "integration/running_graph.h"

namespace eddy {
namespace {

/// What happens to one file of one shard's store.
struct Damage {
  std::string name;
  std::string begin, end;  ///< of the file's name
  double share;            ///< where in the file
  void (*strike)(const std::filesystem::path& file, double share);
};

std::ostream& operator<<(std::ostream& out, const Damage& damage) {
  return out << damage.name;
}

class lost_state : public Proof {
 protected:
  void begin_half() {
    ProofWorkOptions options;
    options.events = 30'000;
    options.users = 3000;
    begin(options);
    const std::size_t half = work().produced() / 2;
    // A kill leaves a log behind, from which the next start makes a table.
    for (const std::size_t count : {half / 2, half}) {
      const auto running = start(kProcess);
      ASSERT_TRUE(wait_for_records(count, {running.get()}));
      running->kill();
    }
  }

  [[nodiscard]] std::filesystem::path shard_path(std::int32_t shard) {
    return StateDirectory::shard_path(work().state(kProcess.state), ShardId(shard));
  }

  static inline const ProofProcess kProcess = {"only", "only"};
};

TEST_F(lost_state, a_removed_state_directory_is_restored_from_the_changelog) {
  ASSERT_NO_FATAL_FAILURE(begin_half());
  std::filesystem::remove_all(work().state(kProcess.state));
  finish_and_compare(kProcess);
}

TEST_F(lost_state, a_removed_shard_is_restored_beside_the_others) {
  ASSERT_NO_FATAL_FAILURE(begin_half());
  std::filesystem::remove_all(shard_path(2));
  finish_and_compare(kProcess);
}

TEST_F(lost_state, an_older_copy_of_the_state_directory_is_caught_up) {
  ASSERT_NO_FATAL_FAILURE(begin_half());
  const auto state = work().state(kProcess.state);
  const auto copy = work().directory() / "copy";
  std::filesystem::copy(state, copy, std::filesystem::copy_options::recursive);
  {
    const auto running = start(kProcess);
    ASSERT_TRUE(wait_for_records(work().produced() * 3 / 4, {running.get()}));
  }
  std::filesystem::remove_all(state);
  std::filesystem::rename(copy, state);
  finish_and_compare(kProcess);
}

TEST_F(lost_state, a_process_killed_while_it_restores_goes_on_restoring) {
  ASSERT_NO_FATAL_FAILURE(begin_half());
  std::filesystem::remove_all(work().state(kProcess.state));
  for (const char* point : {"before_restore_write:1", "after_restore_write:1"}) {
    const auto restoring = start(kProcess, {{"EDDY_CRASH_AT", point}});
    const auto end = restoring->wait(std::chrono::minutes(2));
    ASSERT_TRUE(end) << "it never came to " << point << ": " << restoring->last_line();
    ASSERT_EQ(*end, (ProcessEnd{-1, SIGKILL})) << restoring->last_line();
  }
  // And wherever it is a moment after its start.
  const auto running = start(kProcess);
  wait_a_moment(*running);
  running->kill();
  finish_and_compare(kProcess);
}

class damaged_state : public lost_state, public testing::WithParamInterface<Damage> {
 protected:
  enum class Answer { kRefused, kServed };

  /// A shard that has such a file, which is damaged now.
  std::int32_t damage_one_shard() {
    const Damage& damage = GetParam();
    for (std::int32_t shard = 0; shard < ProofWork::kPartitions; ++shard) {
      const auto files = files_named(shard_path(shard), damage.begin, damage.end);
      if (files.empty() || std::filesystem::file_size(files.front()) == 0) continue;
      std::cout << "damaged: shard " << shard << ", " << files.front().filename() << '\n';
      damage.strike(files.front(), damage.share);
      return shard;
    }
    ADD_FAILURE() << "no shard has a file " << damage.begin << '*' << damage.end;
    return 0;
  }

  /// Lets the process go on with what it finds.
  Answer go_on() {
    const auto running = start(kProcess);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    std::optional<ProcessEnd> end;
    while (!end && records_done() < work().produced()) {
      EXPECT_LT(std::chrono::steady_clock::now(), deadline)
          << "neither work nor a refusal: " << running->last_line();
      if (HasFailure()) return Answer::kRefused;
      end = running->wait(std::chrono::milliseconds(5));
    }
    if (!end) end = running->stop();
    if (end == ProcessEnd{0, 0}) return Answer::kServed;
    EXPECT_EQ(end, (ProcessEnd{1, 0})) << running->last_line();
    expect_clear_line(running->last_line());
    std::cout << "refused: " << running->last_line() << '\n';
    return Answer::kRefused;
  }

  /// Whether all profiles can be read. Those of a store that says that it is damaged are nobody's.
  [[nodiscard]] bool is_readable(std::int32_t shard) {
    const StoreResources resources(StoreOptions{});
    auto store = RocksProfileStore::open_read_only(shard_path(shard), resources);
    if (!store) return false;
    return (*store)->for_each([](const UserId&, Facts&&) { return true; }).has_value();
  }
};

TEST_P(damaged_state, is_refused_or_rebuilt_and_never_served_wrong) {
  ASSERT_NO_FATAL_FAILURE(begin_half());
  const std::int32_t shard = damage_one_shard();
  ASSERT_FALSE(HasFailure());
  const Answer answer = go_on();
  if (answer == Answer::kServed && is_readable(shard)) {
    std::cout << "rebuilt, or not needed\n";
    ExpectedOutputs(work()).expect_in_state(work().state(kProcess.state));
  } else {
    std::filesystem::remove_all(shard_path(shard));
  }
  finish_and_compare(kProcess);
}

INSTANTIATE_TEST_SUITE_P(all, damaged_state,
                         testing::Values(Damage{"table_truncated", "", ".sst", 0.5, truncate_file},
                                         Damage{"table_emptied", "", ".sst", 0, truncate_file},
                                         Damage{"table_flipped_early", "", ".sst", 0.01, flip_byte},
                                         Damage{"table_flipped_in_the_middle", "", ".sst", 0.4, flip_byte},
                                         Damage{"table_flipped_at_the_end", "", ".sst", 0.97, flip_byte},
                                         Damage{"log_flipped", "", ".log", 0.3, flip_byte},
                                         Damage{"log_truncated", "", ".log", 0.3, truncate_file},
                                         Damage{"manifest_flipped", "MANIFEST", "", 0.5, flip_byte},
                                         Damage{"manifest_truncated", "MANIFEST", "", 0.5, truncate_file},
                                         Damage{"current_emptied", "CURRENT", "", 0, truncate_file}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace eddy

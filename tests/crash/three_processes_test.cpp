// Three processes share the shards; they die one by one and two at once, and come back, or not.
#include <array>
#include <iostream>

#include "crash/proof.h"

namespace eddy {
namespace {

class three_processes : public Proof {
 protected:
  static constexpr std::size_t kMembers = 3;
  using Round = std::vector<std::size_t>;

  void start_member(std::size_t member) { members_[member] = start(process(member)); }
  [[nodiscard]] static ProofProcess process(std::size_t member) {
    return {std::string("member-") + "abc"[member], ""};
  }
  [[nodiscard]] std::vector<EddyProcess*> alive() const {
    std::vector<EddyProcess*> alive;
    for (const auto& member : members_) {
      if (member) alive.push_back(member.get());
    }
    return alive;
  }

  /// Each dies three times, three times together with another.
  [[nodiscard]] std::vector<Round> rounds() {
    std::vector<Round> rounds = {{0}, {1}, {2}, {0, 1}, {1, 2}, {2, 0}};
    random().shuffle(rounds);
    return rounds;
  }

  /// Kills these members when some more work is done; fails where the work was over.
  void kill(const Round& victims, std::size_t troubles_left) {
    ASSERT_TRUE(wait_for_records(next_trouble(troubles_left), alive()));
    wait_a_moment(*members_[victims.front()]);
    for (const std::size_t victim : victims) members_[victim]->send(SIGKILL);
    for (const std::size_t victim : victims) members_[victim].reset();
    EXPECT_LT(records_done(), work().produced()) << "this kill hit no running work";
  }

  void stop_all() {
    for (auto& member : members_) {
      if (!member) continue;
      const auto end = member->stop();
      ASSERT_TRUE(end) << "it does not drain: " << member->last_line();
      EXPECT_EQ(*end, (ProcessEnd{0, 0})) << member->last_line();
      member.reset();
    }
  }

  std::array<std::unique_ptr<EddyProcess>, kMembers> members_;
};

TEST_F(three_processes, each_killed_three_times_sometimes_two_at_once_and_then_one_for_good) {
  begin({});
  for (std::size_t member = 0; member < kMembers; ++member) start_member(member);
  const std::vector<Round> all = rounds();
  std::size_t left = all.size() + 1;
  for (const Round& victims : all) {
    ASSERT_NO_FATAL_FAILURE(kill(victims, left--));
    for (const std::size_t victim : victims) start_member(victim);
  }
  const std::size_t gone = random().below(kMembers);
  std::cout << "member " << gone << " stays away\n";
  ASSERT_NO_FATAL_FAILURE(kill({gone}, left));
  ASSERT_TRUE(wait_for_records(work().produced(), alive()));
  ASSERT_NO_FATAL_FAILURE(stop_all());
  // Its state directory is the oldest: it has to catch up with what the others did to its shards.
  finish_and_compare(process(gone));
}

/// A shard that moved would be restored from all of its changelog, which a process says. One that opens its
/// own again reads what its last commits left behind.
TEST_F(three_processes, a_rolling_restart_of_named_members_moves_no_shard) {
  constexpr long kLeftBehind = 100, kAll = 1000;
  const auto named = [](std::size_t member) {
    ProofProcess one = process(member);
    one.instance = one.state;
    return one;
  };
  begin({.events = 40'000, .users = 20'000});
  members_[0] = start(named(0));
  for (const std::size_t member : {1U, 2U}) {
    ASSERT_TRUE(wait_for_records(work().produced() * member / 4, alive()));
    members_[member] = start(named(member));
    ASSERT_TRUE(wait_for_output("the state is up to date", *members_[member]));
    EXPECT_GT(longest_restore(members_[member]->output(), 0).value_or(0), kAll)
        << "the work is too small to tell a shard that moved from one that did not";
  }
  // More work for each shard: done only when whoever has it now works on it, so nothing moves after it.
  work().produce_until(work().produced() + kHeldBack / 8);
  ASSERT_TRUE(wait_for_records(work().produced(), alive()));
  std::array<std::size_t, kMembers> heard{};
  for (std::size_t member = 0; member < kMembers; ++member) heard[member] = members_[member]->output().size();
  for (std::size_t member = 0; member < kMembers; ++member) {
    EXPECT_EQ(longest_restore(members_[member]->output(), heard[member]), std::nullopt)
        << "a shard moved to member " << member;
    const auto end = members_[member]->stop();
    ASSERT_TRUE(end) << "it does not drain: " << members_[member]->last_line();
    EXPECT_EQ(*end, (ProcessEnd{0, 0})) << members_[member]->last_line();
    members_[member] = start(named(member));
    // Done only when the member that came back works on its own shards.
    work().produce_until(work().produced() + kHeldBack / 8);
    ASSERT_TRUE(wait_for_records(work().produced(), alive()));
    EXPECT_LT(longest_restore(members_[member]->output(), 0).value_or(0), kLeftBehind)
        << "member " << member << " came back to other shards";
    heard[member] = members_[member]->output().size();
  }
  for (std::size_t member = 0; member < kMembers; ++member)
    EXPECT_EQ(longest_restore(members_[member]->output(), heard[member]), std::nullopt)
        << "a shard moved to member " << member;
  ASSERT_NO_FATAL_FAILURE(stop_all());
  finish_and_compare(process(0));
}

}  // namespace
}  // namespace eddy

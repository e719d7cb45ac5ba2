// A crash at each step of the commit, by name. The store takes profiles, input positions and the place in the
// changelog in one write: there is no step between them.
#include <csignal>

#include "crash/proof.h"

namespace eddy {
namespace {

/// The process kills itself at the N-th pass of the point.
struct CrashPoint {
  std::string name;
  int pass;
};

std::ostream& operator<<(std::ostream& out, const CrashPoint& point) {
  return out << point.name << ':' << point.pass;
}

std::vector<CrashPoint> all_points() {
  std::vector<CrashPoint> points;
  // The first commit of all, and a later one. A transaction is of all shards that are ready; each writes its
  // own store.
  for (const char* name : {"before_send_offsets", "after_send_offsets", "before_commit", "after_commit"}) {
    for (const int pass : {1, 3}) points.push_back({name, pass});
  }
  for (const char* name : {"before_store_write", "after_store_write"}) {
    for (const int pass : {1, 6}) points.push_back({name, pass});
  }
  return points;
}

class commit_steps : public Proof, public testing::WithParamInterface<CrashPoint> {};

TEST_P(commit_steps, a_crash_there_loses_nothing_and_doubles_nothing) {
  ProofWorkOptions options;
  options.events = 20'000;
  options.users = 2000;
  begin(options);
  const ProofProcess process = {"only", "only"};
  const CrashPoint& point = GetParam();
  {
    const auto crashing = start(process, {{"EDDY_CRASH_AT", point.name + ":" + std::to_string(point.pass)}});
    const auto end = crashing->wait(std::chrono::minutes(2));
    ASSERT_TRUE(end) << "it never came to " << point << ": " << crashing->last_line();
    ASSERT_EQ(*end, (ProcessEnd{-1, SIGKILL})) << crashing->last_line();
    EXPECT_LT(records_done(), work().produced()) << "the crash came after the work";
  }
  finish_and_compare(process);
}

INSTANTIATE_TEST_SUITE_P(all, commit_steps, testing::ValuesIn(all_points()), [](const auto& tested) {
  return tested.param.name + "_" + std::to_string(tested.param.pass);
});

}  // namespace
}  // namespace eddy

// A replay of the topics gives what the live run gave, crashes and all.
#include <fstream>

#include "crash/proof.h"
#include "integration/running_graph.h"

namespace eddy {
namespace {

class replay : public Proof {
 protected:
  void run_replay(const ProofProcess& process, const std::filesystem::path& state,
                  const std::filesystem::path& out) {
    EddyProcess::Command command;
    command.arguments = {"replay",  work().write_configuration(process).string(),
                         "--state", state.string(),
                         "--out",   out.string()};
    command.log = work().directory() / "replay.log";
    EddyProcess replaying(command);
    const auto end = replaying.wait(std::chrono::minutes(5));
    ASSERT_TRUE(end) << "it does not end: " << replaying.last_line();
    ASSERT_EQ(*end, (ProcessEnd{0, 0})) << replaying.output();
  }

  static std::unordered_map<std::string, std::string> last_in_file(const std::filesystem::path& path) {
    std::unordered_map<std::string, std::string> last;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) last[ExpectedOutputs::field(line, "user")] = line;
    return last;
  }
};

TEST_F(replay, of_the_topics_gives_the_live_runs_profiles_and_last_recommendations) {
  ProofWorkOptions options;
  options.events = 50'000;
  options.users = 10'000;
  begin(options);
  const ProofProcess process = {"live", "live"};
  ASSERT_NO_FATAL_FAILURE(kill_while_working(process, 3));
  finish_and_compare(process);

  const auto state = work().directory() / "replayed", out = work().directory() / "out";
  ASSERT_NO_FATAL_FAILURE(run_replay(process, state, out));
  const std::string live = work().is_exactly_once() ? "restored" : process.state;
  expect_same_facts(stored_facts(work().state(live)), stored_facts(state));
  // Both runs' last recommendations are compared with one forward pass; so they are each other's, too.
  const auto last = last_in_file(out / "recommendations.jsonl");
  const ExpectedOutputs expected(work());
  EXPECT_EQ(last.size(), expected.facts().size());
  expected.expect_fitting(last);
}

}  // namespace
}  // namespace eddy

#include "crash/proof.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <regex>
#include <sstream>

namespace eddy {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::chrono::minutes kPatience{5};
// The broker is asked this often, unless a process ends.
constexpr milliseconds kBetweenQuestions{5};
constexpr int kMostRestarts = 10;
constexpr std::size_t kShownOfLog = 6000;  // bytes

std::uint64_t choose_seed() {
  const char* given = std::getenv("EDDY_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "seed " << seed << " (EDDY_TEST_SEED chooses another)\n";
  return seed;
}

std::string end_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  const std::string all = text.str();
  return all.size() <= kShownOfLog ? all : "…" + all.substr(all.size() - kShownOfLog);
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

Proof::Proof() : random_(choose_seed()) {}

void Proof::TearDown() {
  if (!work_) return;
  for (const std::string& name : started_) {
    if (HasFailure()) std::cout << "---- " << name << '\n' << end_of(work_->directory() / (name + ".log"));
  }
  // Before a broker of the test's own goes.
  offsets_.reset();
  work_.reset();
}

void Proof::begin(ProofWorkOptions options, const std::string& brokers) {
  options.seed = random_.next();
  work_ = std::make_unique<ProofWork>(brokers, options);
  work_->produce_until(std::min(options.at_first, options.events - 2 * kHeldBack));
  offsets_ = std::make_unique<GroupOffsets>(brokers, work_->group(), work_->topics(), ProofWork::kPartitions);
}

std::unique_ptr<EddyProcess> Proof::start(const ProofProcess& process, const Environment& environment) {
  if (std::find(started_.begin(), started_.end(), process.state) == started_.end())
    started_.push_back(process.state);
  EddyProcess::Command command;
  command.arguments = {"run", work_->write_configuration(process).string()};
  command.environment = environment;
  command.log = work_->directory() / (process.state + ".log");
  return std::make_unique<EddyProcess>(command);
}

bool Proof::wait_for_records(std::size_t count, const std::vector<EddyProcess*>& processes) {
  const auto deadline = steady_clock::now() + kPatience;
  while (records_done() < count) {
    for (EddyProcess* process : processes) {
      if (const auto end = process->wait(kBetweenQuestions)) {
        ADD_FAILURE() << "a process ended (" << *end << ") with " << count - records_done()
                      << " records to do: " << process->last_line();
        return false;
      }
    }
    if (steady_clock::now() > deadline) {
      ADD_FAILURE() << count - records_done() << " records are not done after five minutes";
      return false;
    }
  }
  return true;
}

bool Proof::wait_for_output(const std::string& text, EddyProcess& process, std::size_t times) {
  const auto deadline = steady_clock::now() + std::chrono::minutes(1);
  while (count_of(process.output(), text) < times) {
    const auto end = process.wait(kBetweenQuestions);
    if (!end && steady_clock::now() < deadline) continue;
    ADD_FAILURE() << "it has not written '" << text << "': " << process.last_line();
    return false;
  }
  return true;
}

bool Proof::wait_with_restarts(std::size_t count, const ProofProcess& process,
                               std::unique_ptr<EddyProcess>& running) {
  const auto deadline = steady_clock::now() + kPatience;
  int restarts = 0;
  while (records_done() < count) {
    if (const auto end = running->wait(kBetweenQuestions)) {
      EXPECT_EQ(*end, (ProcessEnd{1, 0})) << running->last_line();
      expect_clear_line(running->last_line());
      if (++restarts > kMostRestarts) {
        ADD_FAILURE() << "it gives up again and again";
        return false;
      }
      std::cout << "started again after: " << running->last_line() << '\n';
      running = start(process);
    }
    if (steady_clock::now() > deadline) {
      ADD_FAILURE() << count - records_done() << " records are not done after five minutes";
      return false;
    }
  }
  return true;
}

std::size_t Proof::next_trouble(std::size_t troubles_left) {
  const std::size_t done = records_done();
  const std::size_t left = work_->produced() - std::min(done, work_->produced());
  return done + 1 + random_.below(std::max<std::size_t>(1, left / (troubles_left + 1)));
}

void Proof::wait_a_moment(EddyProcess& process) {
  static_cast<void>(process.wait(milliseconds(random_.below(51))));
}

void Proof::kill_while_working(const ProofProcess& process, std::size_t kills) {
  std::size_t hits = 0;
  for (std::size_t left = kills; left > 0; --left) {
    const auto running = start(process);
    if (!wait_for_records(next_trouble(left), {running.get()})) return;
    wait_a_moment(*running);
    running->kill();
    ASSERT_EQ(running->wait(milliseconds(0)), (ProcessEnd{-1, SIGKILL})) << running->last_line();
    // What is committed grew in this life, and there is still work to do: it was at work.
    if (records_done() < work_->produced()) ++hits;
  }
  std::cout << hits << " of " << kills << " kills hit running work\n";
  EXPECT_EQ(hits, kills);
}

void Proof::finish_up_to(std::size_t count, const ProofProcess& process) {
  const auto alone = start(process);
  work_->produce_until(count);
  ASSERT_TRUE(wait_for_records(count, {alone.get()}));
  const auto end = alone->stop();
  ASSERT_TRUE(end) << "it does not drain: " << alone->last_line();
  ASSERT_EQ(*end, (ProcessEnd{0, 0})) << alone->last_line();
  EXPECT_EQ(records_done(), count) << "records that nobody wrote are committed";
}

void Proof::finish_alone(const ProofProcess& process) {
  ASSERT_NO_FATAL_FAILURE(finish_up_to(work_->records().size() - kHeldBack, process));
  ExpectedOutputs(*work_).expect_in_state(work_->state(process.state));
}

void Proof::finish_and_compare(const ProofProcess& process) {
  ASSERT_NO_FATAL_FAILURE(finish_alone(process));
  const ProofProcess restored = {work_->is_exactly_once() ? "restored" : process.state, process.instance};
  ASSERT_NO_FATAL_FAILURE(finish_up_to(work_->records().size(), restored));
  const ExpectedOutputs expected(*work_);
  expected.expect_in_state(work_->state(restored.state));
  expected.expect_in_topic(work_->is_exactly_once() ? Repeats::kRefused : Repeats::kAllowed);
}

std::optional<long> Proof::longest_restore(const std::string& output, std::size_t from) {
  static const std::regex line("([0-9]+) offsets of the changelog are to be read");
  std::optional<long> longest;
  const std::string rest = output.substr(from);
  for (std::sregex_iterator match(rest.begin(), rest.end(), line), end; match != end; ++match) {
    longest = std::max(longest.value_or(0), std::stol((*match)[1]));
  }
  return longest;
}

void Proof::expect_clear_line(const std::string& line) {
  EXPECT_TRUE(line.starts_with("eddy run: ")) << line;
}

bool is_long_run() {
  const char* value = std::getenv("EDDY_TEST_LONG");
  return value != nullptr && *value != '\0';
}

}  // namespace eddy

#include "pipeline/commit_times.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace eddy {
namespace {

using Clock = std::chrono::steady_clock;

RC_GTEST_PROP(commit_times, are_ahead_by_an_interval_at_most_and_the_same_for_all, ()) {
  const Clock::duration interval(*rc::gen::inRange<Clock::rep>(0, 1'000'000'000));
  const Clock::time_point now(Clock::duration(*rc::gen::inRange<Clock::rep>(0, 1'000'000'000'000'000)));
  const Clock::time_point due = next_commit_time(now, interval);
  RC_ASSERT(due > now);
  RC_ASSERT(due - now <= std::max(interval, Clock::duration(1)));
  // Whoever asks between now and then gets the same answer.
  const Clock::duration later(*rc::gen::inRange<Clock::rep>(0, (due - now).count()));
  RC_ASSERT(next_commit_time(now + later, interval) == due);
  RC_ASSERT(next_commit_time(due, interval) > due);
}

}  // namespace
}  // namespace eddy

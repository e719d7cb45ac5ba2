#include "simulate/simulation.h"

#include <algorithm>
#include <queue>
#include <tuple>

#include "base/hash.h"
#include "simulate/broken_records.h"
#include "simulate/deliveries.h"

namespace eddy {

namespace {

constexpr std::size_t kUsersBetweenProgress = 256;
constexpr double kMillisecondsOfADay = 86'400'000;

/// Streams of random numbers that do not touch each other: what noise does changes nothing of what happens.
enum class Stream : std::uint64_t { kPlan, kHistory, kNoise, kBroken };

Random stream_of(std::uint64_t seed, std::size_t user, Stream stream) {
  return Random(hash_combine(hash_combine(seed, static_cast<std::uint64_t>(stream)), user));
}

/// A user in the middle of something.
struct ActiveUser {
  UserId user;
  std::vector<Delivery> deliveries;
  std::size_t next = 0;
};

/// (arrival, user): who comes next; ties by the user's index.
using Arrival = std::pair<std::int64_t, std::size_t>;
using ArrivalQueue = std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>>;

class Simulator {
 public:
  Simulator(const SimulationOptions& options, const UserStructure& structure, RecordWriter& writer)
      : options_(options),
        structure_(structure),
        writer_(writer),
        maker_(options.period),
        optimum_(structure.needs()),
        active_(structure.users()),
        broken_random_(stream_of(options.seed, 0, Stream::kBroken)) {}

  Result<SimulationSummary> run(const SimulationProgress& progress) {
    summary_.users = structure_.users();
    summary_.first = kLatestEventTime;
    place_broken_records();
    // The first arrival stands for a user whose history is made only when it is reached, and dropped at its
    // end.
    for (std::size_t user = 0; user < structure_.users(); ++user) waiting_.emplace(first_time(user), user);
    std::size_t done = 0;
    while (!waiting_.empty() || !arrivals_.empty()) {
      while (!waiting_.empty() && (arrivals_.empty() || waiting_.top().first <= arrivals_.top().first)) {
        activate(waiting_.top().second);
        waiting_.pop();
      }
      EDDY_ASSIGN(const bool is_last, write_next());
      if (is_last && progress && ++done % kUsersBetweenProgress == 0) progress(done, summary_.users);
    }
    EDDY_TRY(write_broken_until(kLatestEventTime.milliseconds));
    if (progress) progress(summary_.users, summary_.users);
    summary_.optimum = optimum_.report();
    return std::move(summary_);
  }

 private:
  [[nodiscard]] std::pair<UserPlan, UserHistory> make(std::size_t user) const {
    return simulate_user(options_.seed, structure_, maker_, user);
  }

  [[nodiscard]] std::int64_t first_time(std::size_t user) const {
    return make(user).second.events.front().time.milliseconds;
  }

  void activate(std::size_t user) {
    auto [plan, history] = make(user);
    for (const PurchaseTruth& truth : history.purchases) optimum_.add(truth);
    summary_.first = std::min(summary_.first, history.events.front().time);
    summary_.last = std::max(summary_.last, history.events.back().time);
    Random noise_random = stream_of(options_.seed, user, Stream::kNoise);
    active_[user] = std::make_unique<ActiveUser>(
        ActiveUser{plan.user, deliver(history.events, options_.noise, noise_random, summary_), 0});
    arrivals_.emplace(active_[user]->deliveries.front().arrival, user);
  }

  /// Whether it was the user's last.
  Result<bool> write_next() {
    const auto [arrival, index] = arrivals_.top();
    arrivals_.pop();
    EDDY_TRY(write_broken_until(arrival));
    ActiveUser& active = *active_[index];
    const Delivery& delivery = active.deliveries[active.next++];
    EDDY_TRY(write(delivery.channel, active.user.value(), delivery.record));
    if (active.next == active.deliveries.size()) {
      active_[index].reset();
      return true;
    }
    arrivals_.emplace(active.deliveries[active.next].arrival, index);
    return false;
  }

  Result<void> write(InputChannel channel, std::string_view key, std::string_view record) {
    ++summary_.records;
    return writer_.write(channel, key, record);
  }

  /// Every kind comes in turn, so that all are there; their places are random.
  void place_broken_records() {
    const std::size_t kinds = broken_kinds() - (options_.noise.broken_keys ? 0 : 1);
    for (std::size_t i = 0; i < options_.noise.broken; ++i) {
      const double place = broken_random_.uniform() * options_.period.days * kMillisecondsOfADay;
      broken_.emplace_back(options_.period.begin.milliseconds + static_cast<std::int64_t>(place), i % kinds);
    }
    std::sort(broken_.begin(), broken_.end(), std::greater<>());
  }

  Result<void> write_broken_until(std::int64_t time) {
    while (!broken_.empty() && broken_.back().first <= time) {
      const std::size_t kind = broken_.back().second;
      broken_.pop_back();
      const BrokenRecord broken = make_broken_record(kind, broken_random_);
      ++summary_.broken[std::string(broken_kind_name(kind))];
      EDDY_TRY(write(broken.channel, broken.key, broken.record));
    }
    return {};
  }

  const SimulationOptions options_;
  const UserStructure& structure_;
  RecordWriter& writer_;
  const HistoryMaker maker_;

  Optimum optimum_;
  SimulationSummary summary_;
  std::vector<std::unique_ptr<ActiveUser>> active_;
  ArrivalQueue waiting_, arrivals_;
  Random broken_random_;
  std::vector<std::pair<std::int64_t, std::size_t>> broken_;  ///< (time, kind), the next at the back
};

}  // namespace

std::pair<UserPlan, UserHistory> simulate_user(std::uint64_t seed, const UserStructure& structure,
                                               const HistoryMaker& maker, std::size_t user) {
  Random plan_random = stream_of(seed, user, Stream::kPlan);
  UserPlan plan = structure.plan(user, plan_random);
  Random history_random = stream_of(seed, user, Stream::kHistory);
  UserHistory history = maker.make(plan, history_random);
  return {std::move(plan), std::move(history)};
}

Result<SimulationSummary> simulate(const SimulationOptions& options, const UserStructure& structure,
                                   RecordWriter& writer, const SimulationProgress& progress) {
  return Simulator(options, structure, writer).run(progress);
}

std::string to_text(const SimulationSummary& summary) {
  std::string out = std::to_string(summary.users) + " users, " + to_rfc3339(summary.first) + " to " +
                    to_rfc3339(summary.last) + "\n" + std::to_string(summary.records) + " records:";
  for (const auto& [type, count] : summary.events) out += " " + std::to_string(count) + " " + type + ",";
  out.back() = '\n';
  if (summary.late + summary.duplicates + summary.partials > 0) {
    out += "noise: " + std::to_string(summary.late) + " late, " + std::to_string(summary.duplicates) +
           " twice, " + std::to_string(summary.partials) + " partial transcripts\n";
  }
  if (!summary.broken.empty()) {
    std::size_t total = 0;
    std::string kinds;
    for (const auto& [kind, count] : summary.broken) {
      total += count;
      kinds += "  " + std::to_string(count) + " " + kind + "\n";
    }
    out += "broken: " + std::to_string(total) + " records\n" + kinds;
  }
  return out + to_table(summary.optimum);
}

}  // namespace eddy

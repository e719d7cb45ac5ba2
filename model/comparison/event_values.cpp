#include "model/comparison/event_values.h"

#include <algorithm>
#include <numeric>

namespace eddy {

double mean_of(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

EventValues::EventValues(std::span<const TestEvent> events, std::span<const FinishedRun> runs)
    : events_(events), runs_(runs) {
  for (std::uint32_t event = 0; event < events.size(); ++event) {
    places_[static_cast<std::size_t>(events[event].kind)].push_back(event);
    places_[kAllKinds].push_back(event);
  }
}

PairedComparison EventValues::paired(std::size_t kind) const {
  std::vector<std::uint32_t> users;
  users.reserve(places_[kind].size());
  for (const std::uint32_t event : places_[kind]) users.push_back(events_[event].user);
  return PairedComparison(users);
}

std::vector<const FinishedRun*> EventValues::runs_of(const ModelSetting& setting) const {
  std::vector<const FinishedRun*> found;
  for (const FinishedRun& run : runs_)
    if (run.key.model == setting.model && run.key.without == setting.trained_without) found.push_back(&run);
  // Sums do not depend on the order in which runs were finished.
  std::sort(found.begin(), found.end(),
            [](const FinishedRun* a, const FinishedRun* b) { return a->key.seed < b->key.seed; });
  return found;
}

double EventValues::value(const std::vector<HitMask>& hits, std::uint32_t event, Measure measure,
                          std::size_t rank) const {
  return measure == Measure::kHitRate ? hit_rate_at(rank, hits[event])
                                      : average_precision_at(rank, hits[event], events_[event].bought);
}

Spread EventValues::spread(const ModelSetting& setting, Measure measure, std::size_t rank,
                           std::size_t kind) const {
  std::vector<double> means;
  for (const FinishedRun* run : runs_of(setting)) {
    if (!run->impossible.empty() || places_[kind].empty()) continue;
    double sum = 0;
    for (const std::uint32_t event : places_[kind])
      sum += value(run->hits_at(setting.test), event, measure, rank);
    means.push_back(sum / static_cast<double>(places_[kind].size()));
  }
  return spread_of(means);
}

std::vector<double> EventValues::mean_by_event(const ModelSetting& setting, Measure measure,
                                               std::size_t kind) const {
  std::vector<double> means;
  std::size_t runs = 0;
  for (const FinishedRun* run : runs_of(setting)) {
    if (!run->impossible.empty()) continue;
    means.resize(places_[kind].size(), 0);
    ++runs;
    for (std::size_t i = 0; i < means.size(); ++i)
      means[i] += value(run->hits_at(setting.test), places_[kind][i], measure, kReportedRank);
  }
  for (double& mean : means) mean /= static_cast<double>(runs);
  return means;
}

std::string EventValues::impossible(const ModelSetting& setting) const {
  for (const FinishedRun* run : runs_of(setting))
    if (!run->impossible.empty()) return run->impossible;
  return {};
}

ModelCost EventValues::cost(const std::string& model) const {
  std::vector<double> seconds, epochs, microseconds;
  const std::vector<const FinishedRun*> runs = runs_of({model});
  seconds.reserve(runs.size());
  epochs.reserve(runs.size());
  for (const FinishedRun* run : runs) {
    seconds.push_back(run->training_seconds);
    epochs.push_back(run->epochs);
    if (run->refreshes > 0) microseconds.push_back(run->refresh_microseconds);
  }
  return {spread_of(seconds), spread_of(epochs), spread_of(microseconds)};
}

}  // namespace eddy

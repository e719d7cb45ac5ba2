#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/comparison/comparison.h"

namespace eddy {

/// A model with or without a channel.
struct ModelSetting {
  std::string model;
  std::optional<Channel> trained_without = std::nullopt;
  TestChannels test = TestChannels::kAll;
};

[[nodiscard]] double mean_of(std::span<const double> values);

/// The measures of runs at each test event. `events` and `runs` outlive it.
class EventValues {
 public:
  EventValues(std::span<const TestEvent> events, std::span<const FinishedRun> runs);

  /// The places of the test events of one kind.
  [[nodiscard]] const std::vector<std::uint32_t>& events(std::size_t kind) const { return places_[kind]; }
  /// Over the users of those events.
  [[nodiscard]] PairedComparison paired(std::size_t kind) const;
  /// Mean over the events of one kind, over the seeds.
  [[nodiscard]] Spread spread(const ModelSetting& setting, Measure measure, std::size_t rank,
                              std::size_t kind) const;
  /// At each event of one kind the mean over the seeds, at kReportedRank; empty if there is no run.
  [[nodiscard]] std::vector<double> mean_by_event(const ModelSetting& setting, Measure measure,
                                                  std::size_t kind) const;
  /// Why the setting cannot be; empty: it can.
  [[nodiscard]] std::string impossible(const ModelSetting& setting) const;
  /// Of the model with all channels.
  [[nodiscard]] ModelCost cost(const std::string& model) const;

 private:
  [[nodiscard]] std::vector<const FinishedRun*> runs_of(const ModelSetting& setting) const;
  [[nodiscard]] double value(const std::vector<HitMask>& hits, std::uint32_t event, Measure measure,
                             std::size_t rank) const;

  const std::span<const TestEvent> events_;
  const std::span<const FinishedRun> runs_;
  std::array<std::vector<std::uint32_t>, kExampleKinds + 1> places_;
};

}  // namespace eddy

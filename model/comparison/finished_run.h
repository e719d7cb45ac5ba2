#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/comparison/channel.h"
#include "model/evaluation/ranking_measures.h"

namespace eddy {

/// What one run of a comparison trains.
struct RunKey {
  std::string model;
  std::uint64_t seed = 1;
  std::optional<Channel> without;  ///< switched off in training, and then at the test too

  /// "latent-feature-seed-1", "latent-feature-seed-1-without-calls"
  [[nodiscard]] std::string name() const;
  friend bool operator==(const RunKey&, const RunKey&) = default;
};

/// What was switched off when a trained model was tested.
enum class TestChannels : std::uint8_t { kAll = 0, kWithoutSessions = 1, kWithoutCalls = 2 };
inline constexpr std::size_t kTestChannels = 3;
[[nodiscard]] constexpr TestChannels test_without(Channel channel) {
  return channel == Channel::kSessions ? TestChannels::kWithoutSessions : TestChannels::kWithoutCalls;
}

/// What came of one run: enough to compute every measure of a report from it.
struct FinishedRun {
  RunKey key;
  std::string impossible;  ///< why this model cannot learn without the channel; then all below is empty
  std::uint32_t epochs = 0;
  double training_seconds = 0;  ///< of everything, the choice of features too
  double loss = 0, validation_loss = 0;
  std::size_t refreshes = 0;        ///< that were measured
  double refresh_microseconds = 0;  ///< mean of one refresh of one user
  /// By TestChannels, at each test event: where the bought items are. A run without a channel has kAll only,
  /// which is without that channel.
  std::array<std::vector<HitMask>, kTestChannels> hits;

  [[nodiscard]] const std::vector<HitMask>& hits_at(TestChannels channels) const {
    return hits[static_cast<std::size_t>(channels)];
  }
};

/// One JSON object, ended by a line feed.
[[nodiscard]] std::string to_json(const FinishedRun& run);
/// Error (user's, without a place): text that to_json() does not write, or another number of events than
/// `test_events`.
Result<FinishedRun> parse_run(std::string_view json, std::size_t test_events);

}  // namespace eddy

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "base/result.h"
#include "model/training/examples.h"
#include "model/training/training_options.h"

namespace eddy {

/// What a bundle remembers of its training, so that an evaluation can take the same parts of the same events,
/// and set Popular beside the model.
struct TrainingRecord {
  ExampleSplit split;
  double validation_share = 0, test_share = 0;
  std::chrono::milliseconds session_inactivity{0};
  std::uint32_t max_interactions = 10;
  std::uint64_t purchases_without_interaction = 0;
  std::string first_test_time;                ///< RFC 3339; empty without a test part
  std::map<std::string, double> item_shares;  ///< the share of training examples that each item was bought in
  std::string networks = "[]";                ///< JSON array: what came of each seed
};

/// For BundleContents::training.
[[nodiscard]] std::string to_json(const TrainingRecord& record);

/// From a bundle's manifest. Error (user's): a manifest that tells nothing of its training.
Result<TrainingRecord> training_record(const std::string& manifest);

/// For TrainingRecord::networks.
[[nodiscard]] std::string to_json(std::span<const SeedOutcome> seeds, std::size_t kept);

}  // namespace eddy

#pragma once

#include <cstdint>
#include <memory>

#include "state/profile/facts.h"

namespace eddy {

/// What a model made of a user's facts. Each model derives its own; it names the model and the facts
/// (revisions) that it was computed from, and may be dropped at any moment.
class ModelCache {
 public:
  virtual ~ModelCache() = default;
  /// Bytes in memory, for the budget of hot profiles.
  [[nodiscard]] virtual std::size_t memory_bytes() const = 0;
};

/// What was last sent out for a user. A cache: after a restart the next refresh is sent again.
struct LastOutput {
  std::string model;  ///< ScoredModel::name
  std::vector<std::pair<std::uint32_t, float>> ranked;
};

/// Facts and caches of one user; owned by its shard, touched by one thread at a time.
class Profile {
 public:
  Facts facts;
  std::unique_ptr<ModelCache> cache;        ///< null until a model made one
  std::unique_ptr<LastOutput> last_output;  ///< null until something was sent

  // The shard's notes while it splits a batch into rounds: the batch's number, its events of this user so
  // far, and the profile that this one's facts are joined with.
  std::uint64_t batch_number = 0;
  Profile* owner_in_batch = nullptr;
  std::uint32_t events_in_batch = 0;

  [[nodiscard]] std::size_t memory_bytes() const;
};

}  // namespace eddy

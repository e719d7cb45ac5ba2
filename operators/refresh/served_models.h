#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/annotated_mutex.h"
#include "event/ids.h"
#include "model/bundle.h"
#include "model/catalogue.h"
#include "operators/refresh/user_split.h"

namespace eddy {

/// One side of a comparison of models; without a comparison there is one, with all users.
struct Arm {
  std::string name = "default";
  std::filesystem::path path;  ///< of its bundle
  double share = 1;            ///< of the users
};

/// The bundle that an arm serves, and since when. Immutable.
struct ServedModel {
  std::string arm;
  std::shared_ptr<const Bundle> bundle;
  std::shared_ptr<const Catalogue> catalogue;
  std::uint64_t version = 0;  ///< of ServedModels, when it was put there

  [[nodiscard]] const std::string& name() const { return catalogue->model()->name; }
};

/// The models that all shards serve: which arm a user belongs to, and each arm's present bundle, which may be
/// replaced at any time. Shards take over what is new between two batches. Thread-safe.
class ServedModels {
 public:
  /// `bundles[i]` is that of `arms[i]`. With `sweep_at_start` each shard is swept for them as if they were
  /// new.
  ServedModels(std::vector<Arm> arms, const std::vector<std::shared_ptr<const Bundle>>& bundles,
               const std::string& salt, bool sweep_at_start = false);

  [[nodiscard]] const std::vector<Arm>& arms() const { return arms_; }
  [[nodiscard]] const UserSplit& split() const { return split_; }

  /// Grows with every replacement; cheap.
  [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  /// One model for each arm.
  [[nodiscard]] std::vector<std::shared_ptr<const ServedModel>> current() const;
  void replace(std::size_t arm, std::shared_ptr<const Bundle> bundle);

  /// The version up to which a shard's profiles were swept in this process; 0: never.
  [[nodiscard]] std::uint64_t swept(ShardId shard) const;
  void note_swept(ShardId shard, std::uint64_t version);

 private:
  const std::vector<Arm> arms_;
  const UserSplit split_;
  std::atomic<std::uint64_t> version_;
  mutable Mutex mutex_;
  std::vector<std::shared_ptr<const ServedModel>> current_ EDDY_GUARDED_BY(mutex_);
  std::map<ShardId, std::uint64_t> swept_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy

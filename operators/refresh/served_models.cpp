#include "operators/refresh/served_models.h"

#include <algorithm>
#include <utility>

namespace eddy {
namespace {

std::vector<double> shares_of(const std::vector<Arm>& arms) {
  std::vector<double> shares;
  shares.reserve(arms.size());
  for (const Arm& arm : arms) shares.push_back(arm.share);
  return shares;
}

std::shared_ptr<const ServedModel> served(const Arm& arm, std::shared_ptr<const Bundle> bundle,
                                          std::uint64_t version) {
  auto catalogue = std::make_shared<const Catalogue>(bundle->model());
  return std::make_shared<const ServedModel>(
      ServedModel{arm.name, std::move(bundle), std::move(catalogue), version});
}

}  // namespace

ServedModels::ServedModels(std::vector<Arm> arms, const std::vector<std::shared_ptr<const Bundle>>& bundles,
                           const std::string& salt, bool sweep_at_start)
    : arms_(std::move(arms)), split_(shares_of(arms_), salt), version_(sweep_at_start ? 1 : 0) {
  const MutexLock lock(mutex_);
  for (std::size_t arm = 0; arm < arms_.size(); ++arm)
    current_.push_back(served(arms_[arm], bundles.at(arm), version_));
}

std::vector<std::shared_ptr<const ServedModel>> ServedModels::current() const {
  const MutexLock lock(mutex_);
  return current_;
}

void ServedModels::replace(std::size_t arm, std::shared_ptr<const Bundle> bundle) {
  const MutexLock lock(mutex_);
  const std::uint64_t version = version_.load() + 1;
  current_.at(arm) = served(arms_.at(arm), std::move(bundle), version);
  version_.store(version, std::memory_order_release);
}

std::uint64_t ServedModels::swept(ShardId shard) const {
  const MutexLock lock(mutex_);
  const auto found = swept_.find(shard);
  return found == swept_.end() ? 0 : found->second;
}

void ServedModels::note_swept(ShardId shard, std::uint64_t version) {
  const MutexLock lock(mutex_);
  std::uint64_t& known = swept_[shard];
  known = std::max(known, version);
}

}  // namespace eddy

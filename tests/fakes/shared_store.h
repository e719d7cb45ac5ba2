#pragma once

#include <memory>
#include <utility>

#include "state/store/profile_store.h"

namespace eddy {

/// Passes on to a store that outlives the pipeline which owns this, as a disk does.
class SharedStore final : public ProfileStore {
 public:
  explicit SharedStore(std::shared_ptr<ProfileStore> store) : store_(std::move(store)) {}
  Result<void> load(std::span<const UserId> users, std::span<std::optional<Facts>> facts) override {
    return store_->load(users, facts);
  }
  Result<void> commit(const UnitOfCommit& unit) override { return store_->commit(unit); }
  Result<Positions> positions() override { return store_->positions(); }
  Result<std::optional<ChangelogMark>> changelog() override { return store_->changelog(); }
  Result<void> clear() override { return store_->clear(); }
  Result<void> for_each_after(const UserId* after, const Visit& visit) override {
    return store_->for_each_after(after, visit);
  }
  Result<void> flush() override { return store_->flush(); }

 private:
  std::shared_ptr<ProfileStore> store_;
};

}  // namespace eddy

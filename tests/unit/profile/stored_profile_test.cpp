#include "app/profile/stored_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/temporary_directory.h"
#include "state/profile/fold.h"
#include "state/profile/profile_codec.h"
#include "state/store/rocks_profile_store.h"
#include "state/store/state_directory.h"

namespace eddy {
namespace {

Facts bought(const std::string& item) {
  Facts facts;
  fold({EventId("p"), UserId("any"), EventTime{1'700'000'000'000}, Purchase{{ItemId(item)}}}, {}, facts);
  return facts;
}

class StoredProfileTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = StateDirectory::open(temporary_.path(), {"main", 3});
    ASSERT_TRUE(opened);
    directory_ = std::move(opened).value();
    // Shard 1 has had no input yet.
    commit(0, {{"ann", "car"}, {"bob", "boat"}});
    commit(2, {{"carol", "house"}});
  }

  void commit(int shard, const std::vector<std::pair<std::string, std::string>>& users) {
    auto store = RocksProfileStore::open(directory_->shard_path(ShardId(shard)), resources_);
    ASSERT_TRUE(store);
    UnitOfCommit unit;
    for (const auto& [user, item] : users) {
      encode_facts(bought(item), unit.profiles.emplace_back(UserId(user), "").second);
    }
    ASSERT_TRUE((*store)->commit(unit));
    stores_.push_back(std::move(store).value());
  }

  TemporaryDirectory temporary_;
  StoreResources resources_{StoreOptions()};
  std::unique_ptr<StateDirectory> directory_;
  std::vector<std::unique_ptr<RocksProfileStore>> stores_;  // open: as beside a running process
};

TEST_F(StoredProfileTest, is_found_in_any_shard_beside_a_running_process) {
  const auto carol = find_stored_profile(temporary_.path(), UserId("carol"));
  ASSERT_TRUE(carol) << carol.error().message;
  ASSERT_TRUE(*carol);
  EXPECT_EQ((*carol)->shard, ShardId(2));
  EXPECT_EQ((*carol)->facts, bought("house"));
  const auto nobody = find_stored_profile(temporary_.path(), UserId("nobody"));
  ASSERT_TRUE(nobody);
  EXPECT_FALSE(*nobody);
}

TEST_F(StoredProfileTest, list_goes_shard_by_shard_up_to_its_limit) {
  const auto names = [&](std::size_t limit) {
    std::vector<std::string> found;
    const auto profiles = list_stored_profiles(temporary_.path(), limit);
    EXPECT_TRUE(profiles);
    for (const StoredProfile& profile : *profiles) found.push_back(profile.user.value());
    return found;
  };
  EXPECT_THAT(names(10), testing::ElementsAre("ann", "bob", "carol"));
  EXPECT_THAT(names(1), testing::ElementsAre("ann"));
  EXPECT_THAT(names(0), testing::IsEmpty());
}

TEST_F(StoredProfileTest, directory_without_state_is_told) {
  const auto none = find_stored_profile(temporary_.path() / "none", UserId("ann"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().fault, Fault::kUser);
}

}  // namespace
}  // namespace eddy

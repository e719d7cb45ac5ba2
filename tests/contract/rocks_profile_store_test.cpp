#include "state/store/rocks_profile_store.h"

#include "contract/profile_store_contract.h"
#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

StoreOptions small_options() {
  StoreOptions options;
  options.block_cache_bytes = 8UL << 20;
  options.write_buffer_bytes = 2UL << 20;
  return options;
}

std::unique_ptr<RocksProfileStore> open_or_fail(const fs::path& path, const StoreResources& resources) {
  auto store = RocksProfileStore::open(path, resources);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(store).value() : nullptr;
}

class RocksStoreUnderTest final : public StoreUnderTest {
 public:
  RocksStoreUnderTest() : store_(open_or_fail(directory_.path() / "shard-0", resources_)) {}
  ProfileStore& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    store_ = open_or_fail(directory_.path() / "shard-0", resources_);
  }

 private:
  TemporaryDirectory directory_;
  StoreResources resources_{small_options()};
  std::unique_ptr<RocksProfileStore> store_;
};

std::unique_ptr<StoreUnderTest> make_rocks_store_under_test() {
  return std::make_unique<RocksStoreUnderTest>();
}

INSTANTIATE_TEST_SUITE_P(Rocks, ProfileStoreContract, testing::Values(&make_rocks_store_under_test));

}  // namespace
}  // namespace eddy

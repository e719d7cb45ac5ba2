#include "state/store/memory_profile_store.h"

#include "contract/profile_store_contract.h"

namespace eddy {
namespace {

class MemoryStoreUnderTest final : public StoreUnderTest {
 public:
  ProfileStore& store() override { return store_; }
  void reopen() override {}

 private:
  MemoryProfileStore store_;
};

std::unique_ptr<StoreUnderTest> make_memory_store_under_test() {
  return std::make_unique<MemoryStoreUnderTest>();
}

INSTANTIATE_TEST_SUITE_P(Memory, ProfileStoreContract, testing::Values(&make_memory_store_under_test));

}  // namespace
}  // namespace eddy

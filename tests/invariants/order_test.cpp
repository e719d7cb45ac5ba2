// Invariant 2, Order: any permutation of a user's events gives the same facts, bit for bit.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakes/temporary_directory.h"
#include "invariants/fold_streams.h"
#include "state/store/memory_profile_store.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {
namespace {

RC_GTEST_PROP(Order, any_permutation_gives_the_same_bytes_through_a_memory_store, (std::uint64_t seed)) {
  const auto events = without_embedding_conflicts(*generate::event_stream());
  MemoryProfileStore as_they_came, permuted;
  RC_ASSERT(bytes_through(as_they_came, events, unlimited()) ==
            bytes_through(permuted, shuffled(events, seed), unlimited()));
}

TEST(Order, any_permutation_gives_the_same_bytes_through_rocksdb) {
  const StoreResources resources(StoreOptions{});
  rc::check([&](std::uint64_t seed) {
    const auto events = without_embedding_conflicts(*generate::event_stream());
    const TemporaryDirectory first, second;
    auto as_they_came = RocksProfileStore::open(first.path() / "store", resources);
    auto permuted = RocksProfileStore::open(second.path() / "store", resources);
    RC_ASSERT(as_they_came.has_value() && permuted.has_value());
    RC_ASSERT(bytes_through(**as_they_came, events, unlimited()) ==
              bytes_through(**permuted, shuffled(events, seed), unlimited()));
  });
}

/// With the limit on interactions in force: streams of at most that many, in which old ones come first or
/// last.
RC_GTEST_PROP(Order, holds_within_max_interactions, (std::uint64_t seed)) {
  auto events = without_embedding_conflicts(*generate::event_stream());
  MemoryProfileStore unbounded;
  HotProfiles profiles(unbounded, std::size_t{1} << 20U);
  std::vector<Profile*> found;
  std::set<std::string> beyond;  // users who had more interactions than the limit at any time, in any order
  for (const auto& order : {events, shuffled(events, seed)}) {
    std::map<std::string, Facts> facts;
    for (const Event& event : order) {
      Facts& user = facts[event.user.value()];
      fold(event, unlimited(), user);
      if (user.sessions.size() + user.calls.size() > FoldOptions{}.max_interactions ||
          user.purchases.size() > FoldOptions{}.max_purchases) {
        beyond.insert(event.user.value());
      }
    }
  }
  std::erase_if(events, [&](const Event& event) { return beyond.contains(event.user.value()); });
  MemoryProfileStore as_they_came, permuted;
  RC_ASSERT(bytes_through(as_they_came, events, {}) == bytes_through(permuted, shuffled(events, seed), {}));
}

}  // namespace
}  // namespace eddy

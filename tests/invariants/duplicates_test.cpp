// Invariant 3, Duplicates: any event delivered again, at any time, changes no facts, and causes no refresh or
// output.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fakes/temporary_directory.h"
#include "invariants/fold_streams.h"
#include "state/store/memory_profile_store.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {
namespace {

/// The stream with each event delivered up to three more times at random places behind it.
std::vector<Event> with_repeats(const std::vector<Event>& events, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Event> out;
  for (std::size_t i = 0; i < events.size(); ++i) {
    out.push_back(events[i]);
    for (std::uint64_t n = random() % 4; n > 0; --n) out.push_back(events[random() % (i + 1)]);
  }
  return out;
}

RC_GTEST_PROP(Duplicates, change_neither_facts_nor_revisions, ()) {
  const auto events = without_embedding_conflicts(*generate::event_stream());
  std::map<std::string, Facts> facts;
  std::vector<Event> delivered;
  for (const Event& event : events) {
    fold(event, unlimited(), facts[event.user.value()]);
    delivered.push_back(event);
    const Event& again = delivered[*rc::gen::inRange<std::size_t>(0, delivered.size())];
    Facts& user = facts[again.user.value()];
    const Facts before = user;
    // A duplicate of a final that lost against a later one without an embedding is told as a conflict:
    // refused, no change.
    RC_ASSERT(fold(again, unlimited(), user) != FoldOutcome::kChanged);
    RC_ASSERT(user == before);
    for (std::size_t i = 0; i < user.sessions.size(); ++i) {
      RC_ASSERT(user.sessions[i].revision == before.sessions[i].revision);
    }
    for (std::size_t i = 0; i < user.calls.size(); ++i) {
      RC_ASSERT(user.calls[i].revision == before.calls[i].revision);
    }
  }
}

RC_GTEST_PROP(Duplicates, give_the_same_bytes_through_a_memory_store, (std::uint64_t seed)) {
  const auto events = without_embedding_conflicts(*generate::event_stream());
  MemoryProfileStore once, repeated;
  RC_ASSERT(bytes_through(once, events, unlimited()) ==
            bytes_through(repeated, with_repeats(events, seed), unlimited()));
}

TEST(Duplicates, give_the_same_bytes_through_rocksdb) {
  const StoreResources resources(StoreOptions{});
  rc::check([&](std::uint64_t seed) {
    const auto events = without_embedding_conflicts(*generate::event_stream());
    const TemporaryDirectory first, second;
    auto once = RocksProfileStore::open(first.path() / "store", resources);
    auto repeated = RocksProfileStore::open(second.path() / "store", resources);
    RC_ASSERT(once.has_value() && repeated.has_value());
    RC_ASSERT(bytes_through(**once, events, unlimited()) ==
              bytes_through(**repeated, with_repeats(events, seed), unlimited()));
  });
}

}  // namespace
}  // namespace eddy

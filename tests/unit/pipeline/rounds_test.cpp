#include "pipeline/rounds.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace eddy {
namespace {

RC_GTEST_PROP(Rounds, round_r_has_the_r_th_event_of_each_user, (const std::vector<std::uint8_t>& users)) {
  std::map<std::uint8_t, Profile> profiles;
  std::vector<Item> items(users.size());
  for (std::size_t i = 0; i < users.size(); ++i) items[i].profile = &profiles[users[i] % 8];
  Rounds rounds;
  for (std::uint64_t batch = 1; batch <= 2; ++batch) {  // the second time its memory is used again
    rounds.split(items, batch);
    std::map<Profile*, std::size_t> seen;
    std::size_t items_in_rounds = 0;
    for (std::size_t r = 0; r < rounds.size(); ++r) {
      RC_ASSERT(!rounds[r].empty());
      std::set<Profile*> in_round;
      const Item* before = nullptr;
      for (const Item* item : rounds[r]) {
        RC_ASSERT(in_round.insert(item->profile).second);
        RC_ASSERT(seen[item->profile]++ == r);
        RC_ASSERT(before == nullptr || before < item);
        before = item;
        ++items_in_rounds;
      }
    }
    RC_ASSERT(items_in_rounds == items.size());
  }
}

}  // namespace
}  // namespace eddy

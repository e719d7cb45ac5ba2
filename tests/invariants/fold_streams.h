#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "invariants/event_generators.h"
#include "state/profile/fold.h"
#include "state/profile/profile_codec.h"
#include "state/store/hot_profiles.h"

namespace eddy {

/// Limits that no generated stream reaches: beyond them the order may matter.
inline FoldOptions unlimited() {
  FoldOptions options;
  options.max_interactions = 1000;
  options.max_purchases = 1000;
  return options;
}

/// Of embeddings of one sequence number the first counts and the others are refused, and a forget takes a sum
/// whole: both depend on the order by design. Leaves one embedding per sequence number, and none where
/// something is forgotten.
inline std::vector<Event> without_embedding_conflicts(std::vector<Event> events) {
  const bool forgets = std::any_of(events.begin(), events.end(), [](const Event& event) {
    return std::holds_alternative<Forget>(event.body);
  });
  std::map<std::tuple<std::string, std::string, std::uint32_t>, std::vector<float>> first;
  for (Event& event : events) {
    auto* said = std::get_if<Utterance>(&event.body);
    if (said == nullptr || said->embedding.empty()) continue;
    const bool is_first =
        first.emplace(std::tuple(event.user.value(), said->call.value(), said->seq), said->embedding).second;
    if (forgets || !is_first) said->embedding.clear();
  }
  return events;
}

/// Every user's stored bytes after the events went through `store`, in small units, with a cache so small
/// that profiles leave it and come back all the time.
inline std::map<std::string, std::string> bytes_through(ProfileStore& store, const std::vector<Event>& events,
                                                        const FoldOptions& options) {
  HotProfiles profiles(store, 1);
  std::vector<Profile*> found;
  std::size_t since_commit = 0;
  for (const Event& event : events) {
    RC_ASSERT(profiles.find(std::span(&event.user, 1), found).has_value());
    if (fold(event, options, found[0]->facts) == FoldOutcome::kChanged) profiles.mark_changed(found[0]);
    profiles.resized(found[0]);
    if (++since_commit == 3) {
      RC_ASSERT(store.commit(profiles.take_unit({})).has_value());
      profiles.unit_applied();
      since_commit = 0;
    }
    profiles.trim();
  }
  RC_ASSERT(store.commit(profiles.take_unit({})).has_value());
  profiles.unit_applied();
  std::map<std::string, std::string> bytes;
  RC_ASSERT(store
                .for_each([&](const UserId& user, Facts&& facts) {
                  encode_facts(facts, bytes[user.value()]);
                  return true;
                })
                .has_value());
  return bytes;
}

/// The events in an order that `seed` decides.
inline std::vector<Event> shuffled(std::vector<Event> events, std::uint64_t seed) {
  std::shuffle(events.begin(), events.end(), std::mt19937_64(seed));
  return events;
}

}  // namespace eddy

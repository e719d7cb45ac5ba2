#pragma once

#include <cstddef>

#include "state/profile/profile.h"

namespace eddy {

/// Of most users nothing is in the processor's caches. A loop over many profiles asks for what it reads of
/// the next ones while it works on this one; that changes no result. How far ahead, in profiles:
constexpr std::size_t kProfilesAhead = 8;

/// All cache lines of `bytes` at `begin`.
inline void prefetch_bytes(const void* begin, std::size_t bytes) {
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < bytes; at += kLine) __builtin_prefetch(static_cast<const char*>(begin) + at);
}

/// The profile itself, without what its pointers lead to.
inline void prefetch_profile(const Profile* profile) {
  prefetch_bytes(profile, sizeof(Profile));
}

/// The latest session and the latest call, of facts that are in the caches.
inline void prefetch_latest(const Facts& facts) {
  if (!facts.sessions.empty()) __builtin_prefetch(&facts.sessions.back());
  if (!facts.calls.empty()) __builtin_prefetch(&facts.calls.back());
}

/// Their actions and utterances, some time after prefetch_latest().
inline void prefetch_contents(const Facts& facts) {
  if (!facts.sessions.empty()) __builtin_prefetch(facts.sessions.back().actions.data());
  if (!facts.calls.empty()) __builtin_prefetch(facts.calls.back().utterances.data());
}

/// What a loop that is `at` asks for ahead: `facts_at(i)` is a pointer to the facts of the i-th of `count`,
/// which are in the caches, as after prefetch_profile().
template <class FactsAt>
void prefetch_facts_ahead(std::size_t at, std::size_t count, const FactsAt& facts_at) {
  if (at + kProfilesAhead < count) prefetch_latest(*facts_at(at + kProfilesAhead));
  if (at + kProfilesAhead / 2 < count) prefetch_contents(*facts_at(at + kProfilesAhead / 2));
}

}  // namespace eddy

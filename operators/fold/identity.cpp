#include "operators/fold/identity.h"

#include <span>
#include <utility>

#include "state/profile/forget.h"
#include "state/profile/merge.h"
#include "state/store/hot_profiles.h"

namespace eddy {

Result<Profile*> Identity::find(const UserId& user) {
  EDDY_TRY(profiles_.find(std::span(&user, 1), found_));
  return found_.front();
}

Result<Profile*> Identity::resolve(UserId& user, Profile* own) {
  // Redirects that identify() leaves have an end; the bound is for a store that was written by something
  // else.
  constexpr int kMostRedirects = 64;
  Profile* profile = own;
  for (int i = 0; profile->facts.identified_as; ++i) {
    if (i == kMostRedirects) return internal_error("the redirects of a visitor have no end");
    user = profile->facts.identified_as->user;
    EDDY_ASSIGN(profile, find(user));
  }
  return profile;
}

Result<bool> Identity::identify(const UserId& visitor, EventTime time, const UserId& user, Profile* profile) {
  if (time <= profile->facts.forgotten_before) return false;
  EDDY_ASSIGN(Profile* const own, find(visitor));
  UserId owner_id = visitor;
  EDDY_ASSIGN(Profile* const owner, resolve(owner_id, own));
  if (owner == profile) return false;
  Facts& visitor_facts = own->facts;
  if (time <= visitor_facts.forgotten_before) {
    // The visitor asked to be forgotten after this: that holds for the user too, and nothing is left to join.
    if (!forget_before(visitor_facts.forgotten_before, profile->facts)) return false;
    profiles_.mark_changed(profile);
    return true;
  }
  bool changed = false;
  if (visitor_facts.identified_as) {
    if (visitor_facts.identified_as->time >= time) return false;
  } else {
    changed = merge(std::move(visitor_facts), options_, profile->facts);
    visitor_facts = Facts{};
  }
  visitor_facts.identified_as = IdentityFact{time, user};
  own->cache.reset();
  own->last_output.reset();
  profiles_.mark_changed(own);
  if (changed) profiles_.mark_changed(profile);
  return changed;
}

}  // namespace eddy

#pragma once

#include "event/event.h"
#include "operators/operator_context.h"
#include "state/profile/fold.h"
#include "state/profile/profile.h"

namespace eddy {

/// Who a profile's events belong to. A visitor that was identified keeps a profile that says nothing but who
/// the user is (Facts::identified_as); the user may in turn have been identified as somebody else.
class Identity {
 public:
  Identity(HotProfiles& profiles, const FoldOptions& options) : profiles_(profiles), options_(options) {}

  /// Where the events of `user`, whose own profile is `own`, are folded: `own`, or the profile at the end of
  /// the redirects, whose user then replaces `user`. An error of the store, or redirects without an end.
  Result<Profile*> resolve(UserId& user, Profile* own);

  /// `visitor` is the user of `profile` from `time` on: the visitor's facts become the user's, and a redirect
  /// stays behind. Idempotent. A visitor that is somebody else already keeps the facts there and gets the
  /// later redirect. True if the user's facts changed.
  Result<bool> identify(const UserId& visitor, EventTime time, const UserId& user, Profile* profile);

 private:
  Result<Profile*> find(const UserId& user);

  HotProfiles& profiles_;
  const FoldOptions& options_;
  std::vector<Profile*> found_;
};

}  // namespace eddy

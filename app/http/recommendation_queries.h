#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "event/event_time.h"
#include "event/ids.h"
#include "event/recommendation.h"

namespace eddy {

/// What is recommended to a user now.
struct UserRecommendations {
  UserId user;
  EventId event;  ///< the event that caused it; empty if that is not known any more
  EventTime time;
  Recommendation recommendation;  ///< `model` is never null
};

/// Whether the pipeline answers for its users.
struct Readiness {
  bool is_ready = false;
  std::string reason;  ///< why not yet; one line
};

/// What the HTTP server asks of the pipeline. Called by the server's threads, several at once; a call may
/// take some milliseconds, in which its thread serves nobody else.
class RecommendationQueries {
 public:
  virtual ~RecommendationQueries() = default;
  /// The user's best `k` items or fewer; nothing if the user is unknown. An error is answered with 503.
  virtual Result<std::optional<UserRecommendations>> recommendations(const UserId& user, std::size_t k) = 0;
  [[nodiscard]] virtual Readiness readiness() const = 0;
};

}  // namespace eddy

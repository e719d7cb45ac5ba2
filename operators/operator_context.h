#pragma once

#include <string>

#include "base/clock.h"
#include "event/ids.h"
#include "event/recommendation.h"

namespace eddy {

class HotProfiles;
class MetricRegistry;

/// Hears of every refresh, ahead of the commit. Thread-safe.
class RefreshListener {
 public:
  virtual ~RefreshListener() = default;
  /// Whether anybody listens to this user; cheap.
  [[nodiscard]] virtual bool wants(const UserId& user) const = 0;
  virtual void refreshed(const UserId& user, const EventId& event, EventTime time,
                         const Recommendation& recommendation) = 0;
};

/// What an operator may use besides its batch. Outlives the operator.
struct OperatorContext {
  ShardId shard;
  std::string name;  ///< the operator's name in the graph, for errors and metrics
  const Clock* clock = nullptr;
  HotProfiles* profiles = nullptr;      ///< for kProfiles operators: mark_changed, and a visitor's profile
  RefreshListener* listener = nullptr;  ///< may be null
  MetricRegistry* metrics = nullptr;    ///< may be null
};

}  // namespace eddy

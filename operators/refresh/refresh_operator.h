#pragma once

#include <cstddef>
#include <memory>

#include "model/recommender.h"
#include "operators/operator.h"

namespace eddy {

struct RefreshOptions {
  std::size_t keep = 10;   ///< how many of the best items a recommendation holds
  bool coalesce = false;   ///< only a user's last event of a batch is refreshed
  bool unchanged = false;  ///< also after an event that changed nothing, where there are scores already
};

/// Computes the recommendations of the users whose events are in a round, all together, and tells the
/// listener. A user that a round holds twice (an identified visitor beside the user) is refreshed once, at
/// the later event.
std::unique_ptr<Operator> make_refresh_operator(std::unique_ptr<Recommender> recommender,
                                                const RefreshOptions& options);

}  // namespace eddy

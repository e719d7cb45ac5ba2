#pragma once

#include <cstddef>
#include <memory>

#include "operators/operator.h"
#include "operators/refresh/prequential.h"
#include "operators/refresh/served_models.h"

namespace eddy {

struct RefreshOptions {
  std::size_t keep = 10;   ///< how many of the best items a recommendation holds
  bool coalesce = false;   ///< only a user's last event of a batch is refreshed
  bool unchanged = false;  ///< also after an event that changed nothing, where there are scores already
  double sweep_rate = 0;   ///< profiles a second, after a model was replaced; 0: at their next event only
};

/// Computes the recommendations of the users whose events are in a round, all together, with the model of
/// each user's arm, and tells the listener. A user that a round holds twice (an identified visitor beside the
/// user) is refreshed once, at the later event. A model that was replaced is taken over between two batches.
///
/// A purchase is first scored by the model (`prequential`; null: it is not): from the facts just before it,
/// so that the scores are those that a recommendation at that moment has. That costs one more refresh from
/// the cache for each purchase.
std::unique_ptr<Operator> make_refresh_operator(std::shared_ptr<ServedModels> models,
                                                std::shared_ptr<Prequential> prequential,
                                                const RefreshOptions& options);

}  // namespace eddy

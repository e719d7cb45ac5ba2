#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "event/event_time.h"
#include "event/ids.h"

namespace eddy {

/// What all recommendations of one model share: its name and the items' ids by index. Immutable.
struct ScoredModel {
  std::string name;           ///< e.g. "latent-feature@3f9a62c1": model and the bundle's checksum
  std::vector<ItemId> items;  ///< item index → id
};

struct ScoredItem {
  std::uint32_t item = 0;  ///< index into ScoredModel::items
  float score = 0;         ///< 0..1

  friend bool operator==(const ScoredItem&, const ScoredItem&) = default;
};

/// The ranked items of a user after one event: highest score first, ties by item index; items that may not be
/// sold to the user are absent.
struct Recommendation {
  std::shared_ptr<const ScoredModel> model;  ///< null: this event caused no refresh
  std::vector<ScoredItem> ranked;
};

}  // namespace eddy

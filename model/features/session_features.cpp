#include "model/features/session_features.h"

#include <algorithm>

namespace eddy {

void SessionTags::collect(const SessionFacts& session, std::vector<std::uint32_t>& indices) {
  indices.clear();
  if (++call_ == 0) {  // after 2^32 calls old marks would look new
    std::fill(seen_.begin(), seen_.end(), 0U);
    call_ = 1;
  }
  for (const auto& action : session.actions) {
    for (const std::string_view tag : action.tags) {
      const auto index = vocabulary_.find(tag);
      if (!index || seen_[*index] == call_) continue;
      seen_[*index] = call_;
      indices.push_back(*index);
    }
  }
}

}  // namespace eddy

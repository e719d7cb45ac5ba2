#include "model/features/session_features.h"

#include <algorithm>

namespace eddy {

void SessionTags::begin() {
  if (++call_ == 0) {  // after 2^32 calls old marks would look new
    std::fill(seen_.begin(), seen_.end(), 0U);
    call_ = 1;
  }
}

void SessionTags::append_new(const TagSet& tags, std::vector<std::uint32_t>& indices) {
  for (const std::string_view tag : tags) {
    const auto index = vocabulary_.find(tag);
    if (!index || seen_[*index] == call_) continue;
    seen_[*index] = call_;
    indices.push_back(*index);
  }
}

void SessionTags::collect(const SessionFacts& session, std::vector<std::uint32_t>& indices) {
  indices.clear();
  begin();
  for (const auto& action : session.actions) append_new(action.tags, indices);
}

}  // namespace eddy

#include "model/recommenders/latent_feature_cache.h"

#include <algorithm>

namespace eddy {

std::size_t LatentFeatureCache::memory_bytes() const {
  return sizeof(*this) + revisions_.capacity() * sizeof(std::uint64_t) +
         (latents_.capacity() + text.embedding.capacity() + text.linear.capacity()) * sizeof(float);
}

std::size_t LatentFeatureCache::fitting_prefix(std::span<const Interaction> interactions) const {
  if (interactions.empty()) return 0;
  const std::size_t most = std::min(prefix(), interactions.size() - 1);
  std::size_t same = 0;
  while (same < most && interactions[same].revision() == revisions_[same]) ++same;
  if (same == prefix()) return same;
  // The earlier one serves only where the walk passes the new place of both.
  return prefix() > 1 && same == prefix() - 1 && same + 2 <= interactions.size() ? same : 0;
}

void LatentFeatureCache::reset(std::span<const Interaction> interactions, std::size_t hidden) {
  hidden_ = hidden;
  const std::size_t length = interactions.empty() ? 0 : interactions.size() - 1;
  revisions_.resize(length);
  for (std::size_t i = 0; i < length; ++i) revisions_[i] = interactions[i].revision();
  latents_.resize((length == 0 ? 0 : length == 1 ? 4 : 5) * hidden);
}

}  // namespace eddy

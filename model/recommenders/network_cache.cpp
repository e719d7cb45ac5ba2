#include "model/recommenders/network_cache.h"

#include <algorithm>

namespace eddy {

std::size_t NetworkCache::memory_bytes() const {
  return sizeof(*this) +
         (revisions_.capacity() + calls.revisions.capacity() + history.revisions.capacity()) *
             sizeof(std::uint64_t) +
         (latents_size_ + latest_.capacity() + input_.capacity() + text.embedding.capacity() +
          text.linear.capacity() + calls.embedding.capacity() + history.linear.capacity()) *
             sizeof(float) +
         (call_generator ? call_generator->memory_bytes() : 0);
}

std::size_t NetworkCache::fitting_prefix(std::span<const Interaction> interactions) const {
  if (interactions.empty()) return 0;
  const std::size_t most = std::min(prefix(), interactions.size() - 1);
  std::size_t same = 0;
  while (same < most && interactions[same].revision() == revisions_[same]) ++same;
  if (same == prefix()) return same;
  // The earlier one serves only where the walk passes the new place of both.
  return prefix() > 1 && same == prefix() - 1 && same + 2 <= interactions.size() ? same : 0;
}

void NetworkCache::reset(std::span<const Interaction> interactions, std::size_t hidden) {
  hidden_ = hidden;
  const std::size_t length = interactions.empty() ? 0 : interactions.size() - 1;
  revisions_.resize(length);
  for (std::size_t i = 0; i < length; ++i) revisions_[i] = interactions[i].revision();
  const std::size_t size = (length == 0 ? 0 : length == 1 ? 4 : 5) * hidden;
  if (size > latents_size_) {  // the walk writes them all, so nothing is carried over
    latents_ = std::make_unique_for_overwrite<float[]>(size);
    latents_size_ = size;
  }
  latest_.clear();
}

const float* NetworkCache::latest(std::span<const Interaction> interactions) const {
  if (latest_.empty() || interactions.size() != prefix() + 1) return nullptr;
  if (interactions.back().revision() != latest_revision_) return nullptr;
  for (std::size_t i = 0; i < prefix(); ++i)
    if (interactions[i].revision() != revisions_[i]) return nullptr;
  return latest_.data();
}

void NetworkCache::keep_latest(std::uint64_t revision_of_last, std::span<const float> latent) {
  latest_revision_ = revision_of_last;
  latest_.assign(latent.begin(), latent.end());
}

void NetworkCache::keep_input(std::uint64_t revision_of_last, std::span<const float> products,
                              std::span<const float> linear) {
  input_revision_ = revision_of_last;
  input_.reserve(products.size() + linear.size());
  input_.assign(products.begin(), products.end());
  input_.insert(input_.end(), linear.begin(), linear.end());
}

}  // namespace eddy

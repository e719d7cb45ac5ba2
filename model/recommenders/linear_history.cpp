#include "model/recommenders/linear_history.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/features/carried_embedding.h"
#include "model/recommenders/float_kernels.h"

namespace eddy {

LinearHistory::LinearHistory(std::shared_ptr<const Network> network)
    : network_(std::move(network)),
      session_tags_(*network_->vocabulary),
      part_(network_->shape().items, 0.0F) {}

void LinearHistory::add(std::span<const Interaction> settled, HistorySum& kept, float* linear) {
  const bool fits = std::equal(settled.begin(), settled.end(), kept.revisions.begin(), kept.revisions.end(),
                               [](const Interaction& interaction, std::uint64_t revision) {
                                 return interaction.revision() == revision;
                               });
  if (!fits) {
    kept.revisions.clear();
    kept.linear.assign(part_.size(), 0.0F);
    for (const Interaction& interaction : settled) {
      add_interaction(interaction, kept.linear);
      kept.revisions.push_back(interaction.revision());
    }
  }
  for (std::size_t i = 0; i < kept.linear.size(); ++i) linear[i] += kept.linear[i];
}

void LinearHistory::add_interaction(const Interaction& interaction, std::vector<float>& sum) {
  const auto& weights = network_->weights;
  const bool is_call = interaction.call != nullptr;
  indices_.clear();
  if (is_call) {
    network_->terms.append_rows(*interaction.call, indices_);
    if (network_->shape().sums_vectors()) add_vector(*interaction.call, sum);
  } else {
    session_tags_.collect(*interaction.session, indices_);
  }
  if (indices_.empty()) return;
  std::fill(part_.begin(), part_.end(), 0.0F);
  const auto& table = is_call ? weights.text_to_items : weights.tag_to_items;
  add_rows(table.data(), part_.size(), indices_, part_.data());
  const float scale = 1.0F / std::sqrt(static_cast<float>(indices_.size()));
  for (std::size_t i = 0; i < part_.size(); ++i) sum[i] += scale * part_[i];
}

void LinearHistory::add_vector(const CallFacts& call, std::vector<float>& sum) {
  const NetworkShape& shape = network_->shape();
  vector_.resize(shape.embedding);
  const std::uint64_t count = carried_sum(call, shape.encoder, vector_);
  if (count == 0) return;
  for (float& value : vector_) value /= static_cast<float>(count);
  network_->add_vector(vector_.data(), part_, sum.data());
}

}  // namespace eddy

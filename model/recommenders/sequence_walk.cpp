#include "model/recommenders/sequence_walk.h"

#include <algorithm>
#include <utility>

#include "model/recommenders/float_kernels.h"

namespace eddy {
namespace {

void grow(std::vector<float>& buffer, std::size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

}  // namespace

SequenceWalk::SequenceWalk(std::shared_ptr<const Network> network)
    : network_(std::move(network)), encoder_(network_), zero_(3 * network_->shape().hidden, 0.0F) {}

void SequenceWalk::plan(std::span<NetworkRow> rows, std::span<const Interaction> interactions) {
  interactions_ = interactions;
  for (NetworkRow& row : rows) plan(row);
  // At every step the rows that walk come first, and of those the ones that need the hidden product.
  std::sort(rows.begin(), rows.end(), [](const NetworkRow& a, const NetworkRow& b) {
    return a.steps != b.steps ? a.steps > b.steps : a.starts_with_product > b.starts_with_product;
  });
}

void SequenceWalk::run(std::span<NetworkRow> rows) {
  rows_ = rows;
  const auto& shape = network_->shape();
  grow(hidden_, rows_.size() * shape.hidden);
  grow(linear_, rows_.size() * shape.items);
  for (std::size_t row = 0; row < rows_.size(); ++row) start(row);
  for (std::size_t steps_to_go = rows_.front().steps; steps_to_go > 0; --steps_to_go) step(steps_to_go);
  if (!network_->passes_over_some()) return;
  for (std::size_t row = 0; row < rows_.size(); ++row) keep_latest(row);
}

void SequenceWalk::plan(NetworkRow& row) {
  const std::size_t prefix = row.cache->fitting_prefix(interactions_of(row));
  row.steps = row.count - static_cast<std::uint32_t>(prefix);
  if (row.cache->latest(interactions_of(row)) != nullptr) row.steps = 0;
  const bool has_gates = row.steps == 1 && prefix == row.cache->prefix();
  row.starts_with_product = prefix > 0 && !has_gates && row.steps > 0;
}

void SequenceWalk::start(std::size_t row_index) {
  const auto& shape = network_->shape();
  const NetworkRow& row = rows_[row_index];
  float* h = hidden_.data() + row_index * shape.hidden;
  std::fill_n(linear_.data() + row_index * shape.items, shape.items, 0.0F);
  if (const float* latest = row.cache->latest(interactions_of(row))) {
    std::copy_n(latest, shape.hidden, h);
    return;
  }
  const std::size_t prefix = row.count - row.steps;
  if (row.steps == 0) {
    std::fill_n(h, shape.hidden, 0.0F);
  } else if (row.starts_with_product) {  // others' first step reads the latent where it is
    const bool is_latest = prefix == row.cache->prefix();
    std::copy_n(is_latest ? row.cache->latent() : row.cache->earlier_latent(), shape.hidden, h);
  }
  const bool keeps_its_latents = prefix == row.cache->prefix() && row.steps <= 1;
  if (!keeps_its_latents) row.cache->reset(interactions_of(row), shape.hidden);
}

void SequenceWalk::step(std::size_t steps_to_go) {
  const auto& shape = network_->shape();
  const std::size_t gates = 3 * shape.hidden;
  const auto walks = [&](const NetworkRow& row) { return row.steps >= steps_to_go; };
  const auto multiplies = [&](const NetworkRow& row) {
    return row.steps > steps_to_go || (row.steps == steps_to_go && row.starts_with_product);
  };
  const auto active =
      static_cast<std::size_t>(std::partition_point(rows_.begin(), rows_.end(), walks) - rows_.begin());
  const auto products =
      static_cast<std::size_t>(std::partition_point(rows_.begin(), rows_.end(), multiplies) - rows_.begin());

  read_interactions(active, steps_to_go);
  grow(from_hidden_, products * gates);
  network_->gru_hidden.multiply(products, hidden_.data(), from_hidden_.data());
  for (std::size_t row = 0; row < active; ++row) {
    if (steps_to_go == 1 && row + 1 >= products && row + 1 < active) prefetch_kept(rows_[row + 1]);
    advance(row, steps_to_go, row < products);
  }
}

// The latent of a row whose gates are kept, and these: of most users they are in no cache of the processor.
void SequenceWalk::prefetch_kept(const NetworkRow& row) const {
  if (row.count > row.steps) prefetch_floats(row.cache->latent(), 4 * network_->shape().hidden);
}

// What the next interaction of each row gives the GRU: encoded, or kept from an earlier walk.
void SequenceWalk::read_interactions(std::size_t active, std::size_t steps_to_go) {
  const auto& shape = network_->shape();
  const std::size_t gates = 3 * shape.hidden;
  grow(from_input_, active * gates);
  tasks_.clear();
  inputs_.clear();
  for (std::size_t i = 0; i < active; ++i) {
    const NetworkRow& row = rows_[i];
    const Interaction& interaction = interactions_of(row)[row.count - steps_to_go];
    const bool is_last = steps_to_go == 1;
    float* linear = network_->has_linear_path() ? linear_.data() + i * shape.items : nullptr;
    if (is_last && row.steps > 1) {
      if (const float* kept = row.cache->input(interaction.revision())) {
        inputs_.push_back(kept);
        if (linear != nullptr) std::copy_n(kept + gates, shape.items, linear);
        continue;
      }
    }
    inputs_.push_back(from_input_.data() + tasks_.size() * gates);
    tasks_.push_back({&interaction, &row.cache->text, is_last, linear});
  }
  encoder_.encode(tasks_, from_input_.data());
  if (steps_to_go > 1) return;
  for (std::size_t i = 0; i < active; ++i) keep_input(i);
}

// Of users whose last interaction is read again for an event of an earlier one, or ever was: it will be once
// more. A walk through a history of which nothing is kept is none of those.
void SequenceWalk::keep_input(std::size_t row_index) {
  const auto& shape = network_->shape();
  const NetworkRow& row = rows_[row_index];
  const std::uint64_t revision = interactions_of(row).back().revision();
  const bool read_again = row.steps > 1 && row.cache->ended_with(revision);
  row.cache->end_with(revision);
  if (!read_again && !row.cache->keeps_input()) return;
  if (row.cache->input(revision) != nullptr) return;
  const std::size_t items = network_->has_linear_path() ? shape.items : 0;
  row.cache->keep_input(revision, {inputs_[row_index], 3 * shape.hidden},
                        {linear_.data() + row_index * shape.items, items});
}

void SequenceWalk::advance(std::size_t row_index, std::size_t steps_to_go, bool has_product) {
  const std::size_t hidden = network_->shape().hidden;
  const NetworkRow& row = rows_[row_index];
  float* h = hidden_.data() + row_index * hidden;
  const float* latent = h;
  const float* product = from_hidden_.data() + row_index * 3 * hidden;
  const std::size_t before = row.count - steps_to_go;
  if (!has_product) {
    latent = before == 0 ? zero_.data() : row.cache->latent();
    product = before == 0 ? zero_.data() : row.cache->gates();
  } else if (steps_to_go == 1) {
    std::copy_n(h, hidden, row.cache->latent());
    std::copy_n(product, 3 * hidden, row.cache->gates());
  }
  if (steps_to_go == 2 && before > 0) std::copy_n(h, hidden, row.cache->earlier_latent());

  const Interaction& interaction = interactions_of(row)[before];
  const Channel channel = interaction.call != nullptr ? Channel::kCall : Channel::kSession;
  const auto& bias =
      network_->gate_bias[static_cast<std::size_t>(channel)][interaction.follows_purchase ? 1 : 0];
  gru_step(hidden, inputs_[row_index], product, bias.data(), network_->candidate_bias.data(), latent, h);
}

void SequenceWalk::keep_latest(std::size_t row_index) {
  const NetworkRow& row = rows_[row_index];
  if (row.steps == 0) return;
  const std::size_t hidden = network_->shape().hidden;
  row.cache->keep_latest(interactions_of(row).back().revision(),
                         {hidden_.data() + row_index * hidden, hidden});
}

}  // namespace eddy

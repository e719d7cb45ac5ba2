#include "model/recommenders/latent_feature_refresh.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "model/recommenders/float_kernels.h"

namespace eddy {
namespace {

void grow(std::vector<float>& buffer, std::size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

void scale(std::span<float> values, float by) {
  for (float& value : values) value *= by;
}

}  // namespace

LatentFeatureRefresh::LatentFeatureRefresh(std::shared_ptr<const LatentFeatureNetwork> network)
    : network_(std::move(network)),
      session_tags_(network_->vocabulary),
      zero_(3 * network_->shape().hidden, 0.0F) {}

void LatentFeatureRefresh::run(std::span<const RefreshRequest> requests) {
  while (!requests.empty()) {
    const std::size_t rows = std::min(kMaxRows, requests.size());
    run_chunk(requests.first(rows));
    requests = requests.subspan(rows);
  }
}

void LatentFeatureRefresh::run_chunk(std::span<const RefreshRequest> requests) {
  rows_.clear();
  interactions_.clear();
  for (const auto& request : requests) plan(request);
  // At every step the rows that walk come first, and of those the ones that need the hidden product.
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return a.steps != b.steps ? a.steps > b.steps : a.starts_with_product > b.starts_with_product;
  });
  const auto& shape = network_->shape();
  grow(hidden_, rows_.size() * shape.hidden);
  grow(linear_, rows_.size() * shape.items);
  for (std::size_t row = 0; row < rows_.size(); ++row) start(row);
  for (std::size_t steps_to_go = rows_.front().steps; steps_to_go > 0; --steps_to_go) step(steps_to_go);
  write_scores();
}

void LatentFeatureRefresh::plan(const RefreshRequest& request) {
  Row row;
  row.request = &request;
  row.cache = dynamic_cast<LatentFeatureCache*>(request.cache->get());
  if (row.cache == nullptr || row.cache->network() != network_->identity) {
    auto fresh = std::make_unique<LatentFeatureCache>(network_->identity);
    row.cache = fresh.get();
    *request.cache = std::move(fresh);
  }
  list_interactions(*request.facts, listed_);
  row.count =
      std::min<std::uint32_t>(static_cast<std::uint32_t>(listed_.size()), network_->shape().max_interactions);
  row.first = static_cast<std::uint32_t>(interactions_.size());
  interactions_.insert(interactions_.end(), listed_.end() - row.count, listed_.end());

  const std::size_t prefix = row.cache->fitting_prefix(interactions_of(row));
  row.steps = row.count - static_cast<std::uint32_t>(prefix);
  const bool has_gates = row.steps == 1 && prefix == row.cache->prefix();
  row.starts_with_product = prefix > 0 && !has_gates;
  if (prefix > 0 && has_gates) __builtin_prefetch(row.cache->gates());
  rows_.push_back(row);
}

void LatentFeatureRefresh::start(std::size_t row_index) {
  const auto& shape = network_->shape();
  const Row& row = rows_[row_index];
  float* h = hidden_.data() + row_index * shape.hidden;
  const std::size_t prefix = row.count - row.steps;
  const float* from = zero_.data();
  if (prefix > 0) from = prefix == row.cache->prefix() ? row.cache->latent() : row.cache->earlier_latent();
  std::copy_n(from, shape.hidden, h);
  std::fill_n(linear_.data() + row_index * shape.items, shape.items, 0.0F);
  const bool keeps_its_latents = prefix == row.cache->prefix() && row.steps <= 1;
  if (!keeps_its_latents) row.cache->reset(interactions_of(row), shape.hidden);
}

void LatentFeatureRefresh::step(std::size_t steps_to_go) {
  const auto& shape = network_->shape();
  const std::size_t gates = 3 * shape.hidden;
  const auto walks = [&](const Row& row) { return row.steps >= steps_to_go; };
  const auto multiplies = [&](const Row& row) {
    return row.steps > steps_to_go || (row.steps == steps_to_go && row.starts_with_product);
  };
  const auto active =
      static_cast<std::size_t>(std::partition_point(rows_.begin(), rows_.end(), walks) - rows_.begin());
  const auto products =
      static_cast<std::size_t>(std::partition_point(rows_.begin(), rows_.end(), multiplies) - rows_.begin());

  read_interactions(steps_to_go, active);
  grow(from_input_, active * gates);
  grow(from_hidden_, products * gates);
  network_->gru_input.multiply(active, x_.data(), from_input_.data());
  network_->gru_hidden.multiply(products, hidden_.data(), from_hidden_.data());
  for (std::size_t row = 0; row < active; ++row) advance(row, steps_to_go, row < products);
}

void LatentFeatureRefresh::read_interactions(std::size_t steps_to_go, std::size_t active) {
  const auto& shape = network_->shape();
  grow(x_, active * shape.projection);
  grow(text_, active * shape.embedding);
  call_rows_.clear();
  for (std::size_t i = 0; i < active; ++i) {
    const Row& row = rows_[i];
    const Interaction& interaction = interactions_of(row)[row.count - steps_to_go];
    if (interaction.session != nullptr) {
      read_session(*interaction.session, x_.data() + i * shape.projection);
      continue;
    }
    float* text = text_.data() + call_rows_.size() * shape.embedding;
    float* linear = steps_to_go == 1 ? linear_.data() + i * shape.items : nullptr;
    read_call(*interaction.call, row.cache->text, text, linear);
    call_rows_.push_back(static_cast<std::uint32_t>(i));
  }
  project_calls();
}

void LatentFeatureRefresh::read_session(const SessionFacts& session, float* x) {
  const auto& weights = network_->weights;
  const std::size_t width = network_->shape().projection;
  session_tags_.collect(session, indices_);
  std::fill_n(x, width, 0.0F);
  add_rows(weights.tag_projection.data(), width, indices_, x);
  tanh_of_sum(width, weights.tag_bias.data(), network_->silent_call.data(), x);
}

// `linear` is null unless the call is the user's last interaction: only then is there a linear path, and
// something to keep for the next event.
void LatentFeatureRefresh::read_call(const CallFacts& call, TextSum& kept, float* text, float* linear) {
  const auto& shape = network_->shape();
  const std::size_t linear_size = network_->has_linear_path() ? shape.items : 0;
  heard_.clear();
  for_each_winner(call, [&](const UtteranceFact& utterance) {
    if (network_->terms.hears(utterance)) heard_.push_back(&utterance);
  });

  std::size_t begin = 0;
  std::uint32_t terms = 0;
  if (kept.utterances > 0 && kept.utterances <= heard_.size() &&
      digest_of_heard(0, kept.utterances, 0) == kept.digest) {
    begin = kept.utterances;
    terms = kept.terms;
    std::copy(kept.embedding.begin(), kept.embedding.end(), text);
    if (linear != nullptr) std::copy(kept.linear.begin(), kept.linear.end(), linear);
  } else {
    std::fill_n(text, shape.embedding, 0.0F);
  }
  if (linear != nullptr && heard_.size() > begin + 1) {
    const std::size_t settled = heard_.size() - 1;
    terms += add_heard(begin, settled, text, linear);
    kept.digest = digest_of_heard(begin, settled, begin == 0 ? 0 : kept.digest);
    kept.utterances = static_cast<std::uint32_t>(settled);
    kept.terms = terms;
    kept.embedding.assign(text, text + shape.embedding);
    kept.linear.assign(linear, linear + linear_size);
    begin = settled;
  }
  terms += add_heard(begin, heard_.size(), text, linear);

  if (terms == 0) return;
  scale({text, shape.embedding}, 1.0F / static_cast<float>(terms));
  if (linear != nullptr) scale({linear, shape.items}, 1.0F / static_cast<float>(terms));
}

std::uint64_t LatentFeatureRefresh::digest_of_heard(std::size_t begin, std::size_t end,
                                                    std::uint64_t digest) const {
  for (std::size_t i = begin; i < end; ++i) {
    const auto& words = heard_[i]->words;
    const std::string_view bytes(reinterpret_cast<const char*>(words.data()),
                                 words.size() * sizeof(words[0]));
    digest = hash_combine(digest, hash_bytes(bytes));
  }
  return digest;
}

// Adds the terms of some of heard_ to the sums and returns how many they are.
std::uint32_t LatentFeatureRefresh::add_heard(std::size_t begin, std::size_t end, float* text,
                                              float* linear) {
  const auto& weights = network_->weights;
  indices_.clear();
  for (std::size_t i = begin; i < end; ++i) network_->terms.append_rows(*heard_[i], indices_);
  add_rows(weights.text_embedding.data(), network_->shape().embedding, indices_, text);
  if (linear != nullptr && network_->has_linear_path()) {
    add_rows(weights.text_to_items.data(), network_->shape().items, indices_, linear);
  }
  return static_cast<std::uint32_t>(indices_.size());
}

void LatentFeatureRefresh::project_calls() {
  const auto& weights = network_->weights;
  const auto& shape = network_->shape();
  grow(projected_text_, call_rows_.size() * shape.projection);
  network_->text_projection.multiply(call_rows_.size(), text_.data(), projected_text_.data());
  for (std::size_t i = 0; i < call_rows_.size(); ++i) {
    float* projected = projected_text_.data() + i * shape.projection;
    tanh_of_sum(shape.projection, weights.text_bias.data(), network_->silent_session.data(), projected);
    std::copy_n(projected, shape.projection, x_.data() + call_rows_[i] * shape.projection);
  }
}

void LatentFeatureRefresh::advance(std::size_t row_index, std::size_t steps_to_go, bool has_product) {
  const std::size_t hidden = network_->shape().hidden;
  const Row& row = rows_[row_index];
  float* h = hidden_.data() + row_index * hidden;
  const float* product = from_hidden_.data() + row_index * 3 * hidden;
  const std::size_t before = row.count - steps_to_go;
  if (!has_product) {
    product = before == 0 ? zero_.data() : row.cache->gates();
  } else if (steps_to_go == 1) {
    std::copy_n(h, hidden, row.cache->latent());
    std::copy_n(product, 3 * hidden, row.cache->gates());
  }
  if (steps_to_go == 2 && before > 0) std::copy_n(h, hidden, row.cache->earlier_latent());

  const bool is_call = interactions_of(row)[before].call != nullptr;
  const auto& bias =
      network_->gate_bias[static_cast<std::size_t>(is_call ? Channel::kCall : Channel::kSession)];
  gru_step(hidden, from_input_.data() + row_index * 3 * hidden, product, bias.data(),
           network_->candidate_bias.data(), h);
}

void LatentFeatureRefresh::write_scores() {
  const auto& weights = network_->weights;
  const auto& shape = network_->shape();
  const std::size_t rows = rows_.size();
  grow(head_, rows * shape.hidden);
  grow(logits_, rows * shape.items);
  network_->head.multiply(rows, hidden_.data(), head_.data());
  for (std::size_t i = 0; i < rows; ++i) {
    relu_of_sum(shape.hidden, weights.head_bias.data(), head_.data() + i * shape.hidden);
  }
  network_->output.multiply(rows, head_.data(), logits_.data());
  for (std::size_t i = 0; i < rows; ++i) {
    const RefreshRequest& request = *rows_[i].request;
    const float* logits = logits_.data() + i * shape.items;
    const float* linear = linear_.data() + i * shape.items;
    for (std::size_t j = 0; j < shape.items; ++j) request.scores[j] = logits[j] + linear[j];
    sigmoid_of_sum(shape.items, weights.output_bias.data(), request.scores);
    network_->catalogue.mask(*request.facts, request.scores);
  }
}

}  // namespace eddy

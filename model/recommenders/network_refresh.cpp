#include "model/recommenders/network_refresh.h"

#include <algorithm>
#include <utility>

#include "model/recommenders/float_kernels.h"
#include "state/profile/prefetch.h"

namespace eddy {
namespace {

void grow(std::vector<float>& buffer, std::size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

}  // namespace

NetworkRefresh::NetworkRefresh(std::shared_ptr<const Network> network)
    : network_(std::move(network)), call_reader_(network_), layers_(network_->head.size()) {
  if (network_->shape().hidden > 0) walk_.emplace(network_);
  if (network_->shape().sums_history()) history_.emplace(network_);
  if (network_->shape().imputation != Imputation::kGenerated) return;
  call_generator_ = std::make_unique<NetworkRefresh>(network_->call_generator);
  session_generator_.emplace(network_);
}

void NetworkRefresh::run(std::span<const User> users) {
  while (!users.empty()) {
    const std::size_t count = std::min(kMostPlanned, users.size());
    plan_rows(users.first(count));
    for (std::size_t first = 0; first < count; first += kMaxRows) {
      rows_ = std::span(planned_).subspan(first, std::min(kMaxRows, count - first));
      run_rows();
    }
    users = users.subspan(count);
  }
}

void NetworkRefresh::plan_rows(std::span<const User> users) {
  planned_.clear();
  interactions_.clear();
  calls_.clear();
  for (std::size_t i = 0; i < users.size(); ++i) {
    prefetch_facts_ahead(i, users.size(), [&](std::size_t at) { return users[at].facts; });
    plan(users[i]);
  }
  if (walk_) walk_->plan(planned_, interactions_);
}

void NetworkRefresh::run_rows() {
  if (walk_) walk_->run(rows_);
  if (walk_) impute_latents();
  if (history_) add_history();
  if (network_->shape().call_width > 0) read_calls();
  write_outputs(join_features());
}

void NetworkRefresh::plan(const User& user) {
  const NetworkShape& shape = network_->shape();
  NetworkRow row;
  row.facts = user.facts;
  row.cache = user.cache;
  row.outputs = user.outputs;
  list_interactions(*user.facts, listed_);
  const std::size_t skipped = listed_.size() - std::min<std::size_t>(listed_.size(), shape.max_interactions);
  if (shape.reads_purchases()) mark_purchases(*user.facts, std::span(listed_).subspan(skipped));
  row.first = static_cast<std::uint32_t>(interactions_.size());
  row.first_call = static_cast<std::uint32_t>(calls_.size());
  for (std::size_t i = skipped; i < listed_.size(); ++i) {
    const bool is_call = listed_[i].call != nullptr;
    if (walk_ && (is_call ? shape.reads_calls : shape.reads_sessions)) interactions_.push_back(listed_[i]);
    if (is_call && shape.call_width > 0) calls_.push_back(listed_[i].call);
  }
  row.count = static_cast<std::uint32_t>(interactions_.size()) - row.first;
  row.calls = static_cast<std::uint32_t>(calls_.size()) - row.first_call;
  planned_.push_back(row);
}

void NetworkRefresh::impute_latents() {
  if (network_->shape().imputation != Imputation::kNeutral) return;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].count == 0)
      std::copy(network_->neutral_latent.begin(), network_->neutral_latent.end(), walk_->latent(i));
}

void NetworkRefresh::read_calls() {
  const NetworkShape& shape = network_->shape();
  grow(means_, rows_.size() * shape.embedding);
  grow(call_features_, rows_.size() * shape.call_width);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const NetworkRow& row = rows_[i];
    float* mean = means_.data() + i * shape.embedding;
    if (row.calls == 0 && shape.imputation == Imputation::kNeutral) {
      std::copy(network_->weights.neutral_call.begin(), network_->weights.neutral_call.end(), mean);
    } else {
      call_reader_.read_all(std::span(calls_).subspan(row.first_call, row.calls), row.cache->text,
                            row.cache->calls, mean);
    }
  }
  if (session_generator_) generate_latents();
  if (call_generator_) generate_calls();
  network_->call_projection.multiply(rows_.size(), means_.data(), call_features_.data());
  const auto& bias = network_->weights.call_bias;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    for (std::size_t j = 0; j < bias.size(); ++j) call_features_[i * bias.size() + j] += bias[j];
}

void NetworkRefresh::add_history() {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const NetworkRow& row = rows_[i];
    if (row.count == 0) continue;
    const auto all = std::span(interactions_).subspan(row.first, row.count);
    const auto recent = all.last(interactions_since_purchase(all));
    history_->add(recent.first(recent.size() - 1), row.cache->history, walk_->linear(i));
  }
}

// Of those who called only: sessions from the calls, and their latent.
void NetworkRefresh::generate_latents() {
  const NetworkShape& shape = network_->shape();
  without_sessions_.clear();
  known_means_.clear();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].count > 0 || rows_[i].calls == 0) continue;
    without_sessions_.push_back(i);
    const float* mean = means_.data() + i * shape.embedding;
    known_means_.insert(known_means_.end(), mean, mean + shape.embedding);
  }
  if (without_sessions_.empty()) return;
  const float* latents = session_generator_->latents(without_sessions_.size(), known_means_.data());
  for (std::size_t i = 0; i < without_sessions_.size(); ++i)
    std::copy_n(latents + i * shape.hidden, shape.hidden, walk_->latent(without_sessions_[i]));
}

// Of those who clicked only: an embedding from the sessions.
void NetworkRefresh::generate_calls() {
  without_calls_.clear();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const NetworkRow& row = rows_[i];
    if (row.calls > 0 || row.count == 0) continue;
    auto& cache = row.cache->call_generator;
    if (!cache) cache = std::make_unique<NetworkCache>(network_->call_generator->identity);
    without_calls_.push_back({row.facts, cache.get(), means_.data() + i * network_->shape().embedding});
  }
  call_generator_->run(without_calls_);
}

// The calls' features and the latents side by side, [rows × features]; as they are where only one is there.
const float* NetworkRefresh::join_features() {
  const NetworkShape& shape = network_->shape();
  if (shape.call_width == 0) return walk_->latents();
  if (!walk_) return call_features_.data();
  grow(features_, rows_.size() * shape.features());
  float* to = features_.data();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    to = std::copy_n(call_features_.data() + i * shape.call_width, shape.call_width, to);
    to = std::copy_n(walk_->latent(i), shape.hidden, to);
  }
  return features_.data();
}

void NetworkRefresh::write_outputs(const float* features) {
  const auto& weights = network_->weights;
  const auto& shape = network_->shape();
  const std::size_t rows = rows_.size();
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const std::size_t width = shape.head[layer];
    grow(layers_[layer], rows * width);
    network_->head[layer].multiply(rows, features, layers_[layer].data());
    for (std::size_t i = 0; i < rows; ++i)
      relu_of_sum(width, weights.head[layer].bias.data(), layers_[layer].data() + i * width);
    features = layers_[layer].data();
  }
  grow(logits_, rows * shape.items);
  network_->output.multiply(rows, features, logits_.data());
  for (std::size_t i = 0; i < rows; ++i) {
    const float* logits = logits_.data() + i * shape.items;
    float* outputs = rows_[i].outputs;
    for (std::size_t j = 0; j < shape.items; ++j) outputs[j] = logits[j] + weights.output_bias[j];
    if (!network_->has_linear_path()) continue;
    const float* linear = walk_->linear(i);
    for (std::size_t j = 0; j < shape.items; ++j) outputs[j] += linear[j];
  }
}

}  // namespace eddy

#include "model/recommenders/call_reader.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "model/features/carried_embedding.h"
#include "model/recommenders/float_kernels.h"

namespace eddy {
namespace {

void scale(std::span<float> values, float by) {
  for (float& value : values) value *= by;
}

}  // namespace

void CallReader::read(const CallFacts& call, TextSum& kept, bool is_last, float* text, float* linear) {
  const auto& shape = network_->shape();
  const bool carried = shape.text == TextSource::kCarried;
  if (!is_last) linear = nullptr;
  const bool reads_terms = !carried || linear != nullptr;
  const std::uint64_t terms = reads_terms ? sum_terms(call, kept, is_last, text, linear) : 0;
  const std::uint64_t count = carried ? sum_carried(call, text) : terms;
  if (count > 0) scale({text, shape.embedding}, 1.0F / static_cast<float>(count));
  if (linear == nullptr) return;
  const auto n = static_cast<float>(std::max<std::uint64_t>(1, terms));
  scale({linear, shape.items}, 1.0F / (shape.sums_history() ? std::sqrt(n) : n));
  if (shape.sums_vectors()) network_->add_vector(text, scratch_, linear);
}

void CallReader::read_all(std::span<const CallFacts* const> calls, TextSum& text_kept, CallsSum& kept,
                          float* text) {
  const std::size_t width = network_->shape().embedding;
  if (calls.empty()) {
    std::fill_n(text, width, 0.0F);
    return;
  }
  std::uint64_t count = sum(*calls.back(), text_kept, true, text);
  if (calls.size() > 1) {
    sum_settled(calls.first(calls.size() - 1), kept);
    count += kept.count;
    for (std::size_t i = 0; i < width; ++i) text[i] += kept.embedding[i];
  }
  if (count > 0) scale({text, width}, 1.0F / static_cast<float>(count));
}

void CallReader::sum_settled(std::span<const CallFacts* const> calls, CallsSum& kept) {
  const bool fits =
      std::equal(calls.begin(), calls.end(), kept.revisions.begin(), kept.revisions.end(),
                 [](const CallFacts* call, std::uint64_t revision) { return call->revision == revision; });
  if (fits) return;
  const std::size_t width = network_->shape().embedding;
  kept.revisions.clear();
  kept.embedding.assign(width, 0.0F);
  kept.count = 0;
  one_call_.resize(width);
  TextSum nothing_kept;
  for (const CallFacts* call : calls) {
    kept.count += sum(*call, nothing_kept, false, one_call_.data());
    for (std::size_t i = 0; i < width; ++i) kept.embedding[i] += one_call_[i];
    kept.revisions.push_back(call->revision);
  }
}

std::uint64_t CallReader::sum_carried(const CallFacts& call, float* text) const {
  const NetworkShape& shape = network_->shape();
  return carried_sum(call, shape.encoder, {text, shape.embedding});
}

std::uint64_t CallReader::sum(const CallFacts& call, TextSum& kept, bool keep, float* text) {
  if (network_->shape().text == TextSource::kCarried) return sum_carried(call, text);
  return sum_terms(call, kept, keep, text, nullptr);
}

// Without a table of embeddings `text` is left as it is.
std::uint64_t CallReader::sum_terms(const CallFacts& call, TextSum& kept, bool keep, float* text,
                                    float* linear) {
  const auto& shape = network_->shape();
  const std::size_t text_size = shape.has_table() ? shape.embedding : 0;
  const std::size_t linear_size = linear != nullptr ? shape.items : 0;
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
    std::fill_n(text, text_size, 0.0F);
  }
  if (keep && heard_.size() > begin + 1) {
    const std::size_t settled = heard_.size() - 1;
    terms += add_heard(begin, settled, text, linear);
    kept.digest = digest_of_heard(begin, settled, begin == 0 ? 0 : kept.digest);
    kept.utterances = static_cast<std::uint32_t>(settled);
    kept.terms = terms;
    kept.embedding.assign(text, text + text_size);
    kept.linear.assign(linear, linear + linear_size);
    begin = settled;
  }
  return terms + add_heard(begin, heard_.size(), text, linear);
}

std::uint64_t CallReader::digest_of_heard(std::size_t begin, std::size_t end, std::uint64_t digest) const {
  for (std::size_t i = begin; i < end; ++i) digest = hash_combine(digest, heard_[i]->words_digest);
  return digest;
}

// Adds the terms of some of heard_ to the sums and returns how many they are.
std::uint32_t CallReader::add_heard(std::size_t begin, std::size_t end, float* text, float* linear) {
  const auto& weights = network_->weights;
  indices_.clear();
  network_->terms.append_rows(std::span(heard_).subspan(begin, end - begin), indices_);
  if (network_->shape().has_table())
    add_rows(weights.text_embedding.data(), network_->shape().embedding, indices_, text);
  if (linear != nullptr && network_->has_linear_path()) {
    add_rows(weights.text_to_items.data(), network_->shape().items, indices_, linear);
  }
  return static_cast<std::uint32_t>(indices_.size());
}

}  // namespace eddy

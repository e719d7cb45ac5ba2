#include "model/features/call_features.h"

#include <algorithm>
#include <bit>

#include "state/profile/words.h"

namespace eddy {
namespace {

template <class Visit>
void for_each_ngram(std::span<const std::uint32_t> words, std::uint32_t max_ngram, Visit&& visit) {
  for (std::size_t first = 0; first < words.size(); ++first) {
    const std::size_t longest = std::min<std::size_t>(max_ngram, words.size() - first);
    for (std::size_t n = 1; n <= longest; ++n) visit(ngram_hash(words.data() + first, n));
  }
}

}  // namespace

void append_ngram_buckets(std::span<const std::uint32_t> words, std::uint32_t max_ngram,
                          std::uint32_t buckets, std::vector<std::uint32_t>& out) {
  // A division costs more than the hash; the usual number is a power of two.
  if (std::has_single_bit(buckets)) {
    const std::uint32_t mask = buckets - 1;
    for_each_ngram(words, max_ngram,
                   [&](std::uint64_t hash) { out.push_back(static_cast<std::uint32_t>(hash) & mask); });
  } else {
    for_each_ngram(words, max_ngram,
                   [&](std::uint64_t hash) { out.push_back(static_cast<std::uint32_t>(hash % buckets)); });
  }
}

CallTerms::CallTerms(std::span<const std::uint32_t> kept, std::uint32_t buckets, std::uint32_t max_ngram,
                     bool customer_only)
    : row_of_bucket_(buckets, kNoRow), max_ngram_(max_ngram), customer_only_(customer_only) {
  for (std::uint32_t row = 0; row < kept.size(); ++row) row_of_bucket_[kept[row]] = row;
}

void CallTerms::append_rows(std::span<const UtteranceFact* const> utterances,
                            std::vector<std::uint32_t>& rows) const {
  if (row_of_bucket_.empty()) return;
  const auto buckets = static_cast<std::uint32_t>(row_of_bucket_.size());
  const std::size_t begin = rows.size();
  for (const UtteranceFact* utterance : utterances) __builtin_prefetch(utterance->words.data());
  for (const UtteranceFact* utterance : utterances)
    if (hears(*utterance)) append_ngram_buckets(utterance->words, max_ngram_, buckets, rows);
  for (std::size_t i = begin; i < rows.size(); ++i) __builtin_prefetch(&row_of_bucket_[rows[i]]);
  // In place, and without a branch that would wait for a table larger than the caches.
  std::size_t kept = begin;
  for (std::size_t i = begin; i < rows.size(); ++i) {
    const std::uint32_t row = row_of_bucket_[rows[i]];
    rows[kept] = row;
    kept += row != kNoRow ? 1 : 0;
  }
  rows.resize(kept);
}

void CallTerms::append_rows(const UtteranceFact& utterance, std::vector<std::uint32_t>& rows) const {
  const UtteranceFact* const only = &utterance;
  append_rows({&only, 1}, rows);
}

void CallTerms::append_rows(const CallFacts& call, std::vector<std::uint32_t>& rows) const {
  for_each_winner(call, [&](const UtteranceFact& utterance) { append_rows(utterance, rows); });
}

}  // namespace eddy

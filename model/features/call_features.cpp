#include "model/features/call_features.h"

#include <algorithm>

#include "state/profile/words.h"

namespace eddy {
namespace {

template <class Visit>
void for_each_bucket(std::span<const std::uint32_t> words, std::uint32_t max_ngram, std::uint32_t buckets,
                     Visit&& visit) {
  for (std::size_t first = 0; first < words.size(); ++first) {
    const std::size_t longest = std::min<std::size_t>(max_ngram, words.size() - first);
    for (std::size_t n = 1; n <= longest; ++n) {
      visit(static_cast<std::uint32_t>(ngram_hash(words.data() + first, n) % buckets));
    }
  }
}

}  // namespace

void append_ngram_buckets(std::span<const std::uint32_t> words, std::uint32_t max_ngram,
                          std::uint32_t buckets, std::vector<std::uint32_t>& out) {
  for_each_bucket(words, max_ngram, buckets, [&](std::uint32_t bucket) { out.push_back(bucket); });
}

CallTerms::CallTerms(std::span<const std::uint32_t> kept, std::uint32_t buckets, std::uint32_t max_ngram,
                     bool customer_only)
    : row_of_bucket_(buckets, kNoRow), max_ngram_(max_ngram), customer_only_(customer_only) {
  for (std::uint32_t row = 0; row < kept.size(); ++row) row_of_bucket_[kept[row]] = row;
}

void CallTerms::append_rows(const UtteranceFact& utterance, std::vector<std::uint32_t>& rows) const {
  if (!hears(utterance) || row_of_bucket_.empty()) return;
  const auto buckets = static_cast<std::uint32_t>(row_of_bucket_.size());
  for_each_bucket(utterance.words, max_ngram_, buckets, [&](std::uint32_t bucket) {
    if (const std::uint32_t row = row_of_bucket_[bucket]; row != kNoRow) rows.push_back(row);
  });
}

void CallTerms::append_rows(const CallFacts& call, std::vector<std::uint32_t>& rows) const {
  for_each_winner(call, [&](const UtteranceFact& utterance) { append_rows(utterance, rows); });
}

}  // namespace eddy

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "state/profile/facts.h"

namespace eddy {

/// Appends the bucket of every n-gram of 1..max_ngram words; n-grams do not cross utterances. Order: by first
/// word, shorter before longer. `buckets` > 0.
void append_ngram_buckets(std::span<const std::uint32_t> words, std::uint32_t max_ngram,
                          std::uint32_t buckets, std::vector<std::uint32_t>& out);

/// The utterances that count, in order of seq: the winner of each. (A partial may be kept behind its final.)
template <class Visit>
void for_each_winner(const CallFacts& call, Visit&& visit) {
  const UtteranceFact* previous = nullptr;
  for (const auto& utterance : call.utterances) {
    if (previous == nullptr || previous->seq != utterance.seq) visit(utterance);
    previous = &utterance;
  }
}

/// Which n-grams of a call have a row in the text tables. Immutable.
class CallTerms {
 public:
  static constexpr std::uint32_t kNoRow = 0xFFFFFFFFU;

  CallTerms() = default;
  /// `kept`: the bucket of each row, each less than `buckets`.
  CallTerms(std::span<const std::uint32_t> kept, std::uint32_t buckets, std::uint32_t max_ngram,
            bool customer_only);

  /// Whether the utterance's speaker is heard.
  [[nodiscard]] bool hears(const UtteranceFact& utterance) const {
    return !customer_only_ || utterance.speaker == Speaker::kCustomer;
  }

  /// Appends the rows of an utterance's kept terms, each occurrence; none if its speaker is not heard.
  void append_rows(const UtteranceFact& utterance, std::vector<std::uint32_t>& rows) const;
  /// The same of several utterances, in order; faster than one by one.
  void append_rows(std::span<const UtteranceFact* const> utterances, std::vector<std::uint32_t>& rows) const;
  /// Appends the rows of all utterances that count.
  void append_rows(const CallFacts& call, std::vector<std::uint32_t>& rows) const;

 private:
  std::vector<std::uint32_t> row_of_bucket_;  // kNoRow: dropped
  std::uint32_t max_ngram_ = 1;
  bool customer_only_ = false;
};

}  // namespace eddy

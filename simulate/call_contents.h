#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "simulate/topic_mixture.h"

namespace eddy {

/// The simulated language of calls: sentence patterns with slots. Words of the slots are drawn from
/// need-dependent and background mixtures; the rest of a pattern, and names, say nothing of the need. The
/// same for every seed. Immutable.
class CallContents {
 public:
  CallContents();

  enum class Turn { kGreeting, kAgent, kCustomer, kFarewell };
  /// Appends a sentence to `text`. Adds what its words say to `evidence`. Without a need: background only.
  void say(Turn turn, const ItemIndex* need, Random& random, std::string& text, Evidence& evidence) const;

  /// What a word that fills a slot says when that speaker says it; null for any other word.
  [[nodiscard]] const Evidence* log_ratio(Speaker speaker, std::string_view word) const;
  /// All words that can fill a slot.
  [[nodiscard]] const std::vector<std::string>& slot_words() const { return words_; }
  [[nodiscard]] const TopicMixture& mixture(Speaker speaker) const {
    return speaker == Speaker::kCustomer ? customer_ : agent_;
  }

  /// Share of calls that have nothing to do with the need.
  static constexpr double kOffTopic = 0.10;
  static constexpr ContentShares kCustomerShares = {0.26, 0.14, 0.40};
  static constexpr ContentShares kAgentShares = {0.10, 0.10, 0.40};

 private:
  struct Lexicon {
    std::vector<std::string> words;
    std::vector<ContentOutcome> outcomes;
  };
  explicit CallContents(Lexicon lexicon);
  static Lexicon make_lexicon();

  std::vector<std::string> words_;
  TopicMixture customer_, agent_;
  std::vector<std::string> names_;
  std::vector<std::size_t> sorted_words_;  ///< indices of words_, by word
};

}  // namespace eddy

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event/event.h"
#include "state/profile/facts.h"
#include "state/profile/fold.h"

namespace eddy {

/// What a user had done before a purchase.
enum class ExampleKind : std::uint8_t { kSessionsOnly = 0, kCallsOnly = 1, kBoth = 2 };

/// "sessions only", "calls only", "both"
[[nodiscard]] std::string_view to_string(ExampleKind kind) noexcept;

/// What an utterance added to its call's sum of vectors.
struct UtteranceVector {
  std::uint32_t seq = 0;
  std::shared_ptr<const std::vector<float>> vector;  ///< shared by the examples that know the call; not null
};

/// One purchase event, and what was known of the user just before it.
struct LearningExample {
  Facts facts;                 ///< what was known before the purchase, earlier purchases included
  std::vector<ItemId> bought;  ///< sorted, unique, never empty
  EventTime time;              ///< of the purchase
  UserId user;                 ///< who bought: the person, where a visitor was identified
  ExampleKind kind = ExampleKind::kSessionsOnly;
  /// The parts of the last call's sum of vectors, by seq, so that the call can be cut; empty: they were not
  /// kept.
  std::vector<UtteranceVector> last_call_vectors;
};

/// The learning examples of some events, in the order of their purchases.
struct ExampleSet {
  std::vector<LearningExample> examples;
  std::uint64_t purchases_without_interaction = 0;  ///< skipped: nothing to learn from
  std::uint64_t purchases_repeated = 0;             ///< skipped: the same purchase was there before
};

/// Replays events through the fold of serving and takes an example at each purchase. Events are given in the
/// order in which they count. Not synchronised.
class ExampleBuilder {
 public:
  /// `keeps_vectors`: examples have last_call_vectors; each utterance's vector then stays in memory.
  explicit ExampleBuilder(const FoldOptions& options, bool keeps_vectors = false)
      : options_(options), keeps_vectors_(keeps_vectors) {}

  void add(const Event& event);
  [[nodiscard]] ExampleSet take() && { return std::move(set_); }

 private:
  void add_purchase(const Event& event, const Purchase& purchase, const UserId& user);
  void identify(const UserId& visitor, const UserId& user);
  [[nodiscard]] const UserId& person(const UserId& user) const;
  [[nodiscard]] std::vector<UtteranceVector> last_call_vectors(const Facts& facts) const;

  FoldOptions options_;
  bool keeps_vectors_;
  std::unordered_map<UserId, Facts> users_;
  std::unordered_map<UserId, UserId> identified_;  // visitor → the user that it turned out to be
  std::unordered_map<CallId, std::map<std::uint32_t, std::shared_ptr<const std::vector<float>>>> vectors_;
  ExampleSet set_;
};

/// Examples of all events, taken in the order of their times; events of one time in the order given.
[[nodiscard]] ExampleSet build_examples(std::span<const Event> events, const FoldOptions& options);

/// The first `train` examples are for training, the next `validation` for choosing, the last `test` for
/// measuring.
struct ExampleSplit {
  std::size_t train = 0, validation = 0, test = 0;
};

/// The last `test_share` of the examples are the test part; of the rest, the last `validation_share` are for
/// validation. Shares are 0 to 1.
[[nodiscard]] ExampleSplit split_examples(std::size_t examples, double validation_share, double test_share);

/// The three parts of some examples; they point into them.
struct ExampleSpans {
  std::span<const LearningExample> train, validation, test;
};
/// `split` is of these examples.
[[nodiscard]] ExampleSpans spans_of(std::span<const LearningExample> examples, const ExampleSplit& split);

/// The last call, or null.
[[nodiscard]] CallFacts* last_call(Facts& facts);
[[nodiscard]] const CallFacts* last_call(const Facts& facts);

/// How many utterances of the call are the customer's.
[[nodiscard]] std::size_t customer_turns(const CallFacts& call);

/// Leaves the call as it was right after the customer's `turns`-th utterance (from 1, by sequence number):
/// what anybody said up to there stays. With fewer turns the call stays whole. So does its sum of vectors
/// where `vectors`, its parts, are not given.
void cut_call(std::size_t turns, CallFacts& call, std::span<const UtteranceVector> vectors = {});

}  // namespace eddy

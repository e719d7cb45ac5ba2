#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/recommendation.h"
#include "model/evaluation/ranking_measures.h"
#include "model/training/examples.h"

namespace eddy {

/// How much of each example's last call is heard.
struct CallCut {
  enum class Kind : std::uint8_t { kNone, kCustomerTurns, kCallShare };
  Kind kind = Kind::kNone;
  double amount = 0;  ///< a number of the customer's utterances, or their share (0..1], rounded up

  /// "whole", "after 2 customer turns", "after 25 % of the customer turns"
  [[nodiscard]] std::string text() const;
  /// Cuts the last call of `facts`, if there is one; `vectors`: LearningExample::last_call_vectors.
  void apply(Facts& facts, std::span<const UtteranceVector> vectors = {}) const;
};

/// Scores users: scores[i * items + j] is user i's score of item j.
using ScoreUsers = std::function<Result<void>(std::span<const Facts* const> users, float* scores)>;

/// What to do to a copy of an example's facts before they are scored.
using ChangeFacts = std::function<void(Facts& facts, const LearningExample& example)>;

/// Ranks the items for every example, and tells where the bought ones are. `change` may be empty. The
/// portfolio stays the example's. Errors: those of `score`.
Result<std::vector<HitMask>> rank_examples(const std::shared_ptr<const ScoredModel>& model,
                                           const ScoreUsers& score, std::span<const LearningExample> examples,
                                           const ChangeFacts& change = {},
                                           const std::function<void(std::size_t)>& advance = {});

/// Where the kinds of examples have their measures; the last place is for all of them.
inline constexpr std::size_t kExampleKinds = 3;
inline constexpr std::size_t kAllKinds = kExampleKinds;

struct Evaluation {
  std::string model;
  CallCut cut;
  std::array<RankingMeasures, kExampleKinds + 1> by_kind;
  std::vector<HitMask> hits;  ///< example by example
};

/// Ranks the items for every example and measures the ranking against what was bought. Errors: those of
/// `score`.
Result<Evaluation> evaluate(const std::string& name, const std::shared_ptr<const ScoredModel>& model,
                            const ScoreUsers& score, std::span<const LearningExample> examples,
                            const CallCut& cut, const std::function<void(std::size_t)>& advance = {});

/// Popular: the same scores for everybody, item by item, but for what the portfolio excludes.
[[nodiscard]] ScoreUsers popular_scores(const std::shared_ptr<const ScoredModel>& model,
                                        std::vector<float> shares);

/// The share of examples in which each item was bought, by the model's item index.
[[nodiscard]] std::vector<float> item_shares(const ScoredModel& model,
                                             std::span<const LearningExample> examples);

/// As a table for a terminal: one line for each model, cut and kind that has examples.
[[nodiscard]] std::string to_table(std::span<const Evaluation> evaluations);
/// As a JSON array. `each`: with the places that hit, example by example.
[[nodiscard]] std::string to_json(std::span<const Evaluation> evaluations, bool each = false);

}  // namespace eddy

#include "model/evaluation/evaluation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/catalogue.h"

namespace eddy {
namespace {

constexpr std::size_t kUsersAtOnce = 256;

HitMask hits_in(const LearningExample& example, const Catalogue& catalogue, std::span<const float> scores) {
  std::vector<float> eligible(catalogue.size(), 1.0F);
  catalogue.mask(example.facts, eligible.data());
  std::vector<std::uint32_t> bought;
  for (const ItemId& item : example.bought)
    if (const auto index = catalogue.find(item)) bought.push_back(*index);
  std::sort(bought.begin(), bought.end());
  return hits_of(top_items(scores, eligible), bought);
}

}  // namespace

void CallCut::apply(Facts& facts, std::span<const UtteranceVector> vectors) const {
  CallFacts* call = last_call(facts);
  if (call == nullptr || kind == Kind::kNone) return;
  double turns = amount;
  if (kind == Kind::kCallShare) {
    // A share such as .2 of 5 turns is 1.0000000000000002 of them in binary; that is one turn, not two.
    turns = std::max(1.0, std::ceil(amount * static_cast<double>(customer_turns(*call)) - 1e-9));
  }
  cut_call(static_cast<std::size_t>(turns), *call, vectors);
}

Result<std::vector<HitMask>> rank_examples(const std::shared_ptr<const ScoredModel>& model,
                                           const ScoreUsers& score, std::span<const LearningExample> examples,
                                           const ChangeFacts& change,
                                           const std::function<void(std::size_t)>& advance) {
  const Catalogue catalogue(model);
  std::vector<HitMask> hits;
  std::vector<Facts> changed;
  std::vector<const Facts*> users;
  std::vector<float> scores;
  for (std::size_t begin = 0; begin < examples.size(); begin += kUsersAtOnce) {
    const auto chunk = examples.subspan(begin, std::min(kUsersAtOnce, examples.size() - begin));
    changed.clear();
    users.clear();
    for (const LearningExample& example : chunk) {
      changed.push_back(example.facts);
      if (change) change(changed.back(), example);
    }
    for (const Facts& facts : changed) users.push_back(&facts);
    scores.assign(chunk.size() * catalogue.size(), 0.0F);
    EDDY_TRY(score(users, scores.data()));
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const auto of_user = std::span(scores).subspan(i * catalogue.size(), catalogue.size());
      hits.push_back(hits_in(chunk[i], catalogue, of_user));
    }
    if (advance) advance(chunk.size());
  }
  return hits;
}

Result<Evaluation> evaluate(const std::string& name, const std::shared_ptr<const ScoredModel>& model,
                            const ScoreUsers& score, std::span<const LearningExample> examples,
                            const CallCut& cut, const std::function<void(std::size_t)>& advance) {
  EDDY_ASSIGN(std::vector<HitMask> hits, rank_examples(
                                             model, score, examples,
                                             [&](Facts& facts, const LearningExample& example) {
                                               cut.apply(facts, example.last_call_vectors);
                                             },
                                             advance));
  std::array<RankingSums, kExampleKinds + 1> sums;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    sums[static_cast<std::size_t>(examples[i].kind)].add(hits[i], examples[i].bought.size());
    sums[kAllKinds].add(hits[i], examples[i].bought.size());
  }
  Evaluation evaluation{name, cut, {}, std::move(hits)};
  for (std::size_t kind = 0; kind < sums.size(); ++kind) evaluation.by_kind[kind] = sums[kind].mean();
  return evaluation;
}

ScoreUsers popular_scores(const std::shared_ptr<const ScoredModel>& model, std::vector<float> shares) {
  return [catalogue = std::make_shared<Catalogue>(model), shares = std::move(shares)](
             std::span<const Facts* const> users, float* scores) -> Result<void> {
    for (const Facts* user : users) {
      std::copy(shares.begin(), shares.end(), scores);
      catalogue->mask(*user, scores);
      scores += shares.size();
    }
    return {};
  };
}

std::vector<float> item_shares(const ScoredModel& model, std::span<const LearningExample> examples) {
  const Catalogue catalogue(std::make_shared<ScoredModel>(model));
  std::vector<double> counts(model.items.size(), 0);
  for (const LearningExample& example : examples)
    for (const ItemId& item : example.bought)
      if (const auto index = catalogue.find(item)) ++counts[*index];
  std::vector<float> shares;
  const double total = std::max<double>(1, static_cast<double>(examples.size()));
  shares.reserve(counts.size());
  for (const double count : counts) shares.push_back(static_cast<float>(count / total));
  return shares;
}

}  // namespace eddy

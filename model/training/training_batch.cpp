#include "model/training/training_batch.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

using Example = EncodedExamples::Example;
using Range = EncodedExamples::Range;

/// A turn of 0..turns-1: the early ones more often, since each of them has more calls that come past it. The
/// logarithm of the turn's number is uniform.
std::uint64_t draw_turn(std::mt19937_64& generator, std::uint64_t turns) {
  const double uniform = static_cast<double>(generator() >> 11U) * 0x1p-53;
  const double turn = std::pow(static_cast<double>(turns + 1), uniform) - 1;
  return std::min(turns - 1, static_cast<std::uint64_t>(turn));
}

/// Probabilities in units of 2^-32.
std::uint64_t threshold_of(double probability) {
  return static_cast<std::uint64_t>(probability * 4294967296.0);
}

class BatchFiller {
 public:
  BatchFiller(const EncodedExamples& examples, const BatchOptions& options, const KindWeights& weights,
              std::mt19937_64& generator, TrainingBatch& batch)
      : examples_(examples),
        options_(options),
        weights_(weights),
        generator_(generator),
        drop_below_(threshold_of(options.term_dropout)),
        batch_(batch) {}

  void fill(std::span<const std::uint32_t> indices) {
    std::vector<const Example*> rows;
    for (const std::uint32_t index : indices) rows.push_back(&examples_.examples[index]);
    std::stable_sort(rows.begin(), rows.end(), [](const Example* a, const Example* b) {
      return a->interactions.size() > b->interactions.size();
    });
    batch_ = TrainingBatch{};
    last_bags_.assign(rows.size(), {});
    fill_interactions(rows);
    for (const std::vector<std::int64_t>& bag : last_bags_) {
      batch_.last_terms.offsets.push_back(static_cast<std::int64_t>(batch_.last_terms.ids.size()));
      batch_.last_terms.ids.insert(batch_.last_terms.ids.end(), bag.begin(), bag.end());
    }
    for (const Example* row : rows) fill_items(*row);
  }

 private:
  void fill_interactions(const std::vector<const Example*>& rows) {
    const std::size_t longest = rows.empty() ? 0 : rows.front()->interactions.size();
    for (std::size_t step = 0; step < longest; ++step) {
      std::size_t active = 0;
      while (active < rows.size() && rows[active]->interactions.size() > step) ++active;
      batch_.batch_sizes.push_back(static_cast<std::int64_t>(active));
      for (std::size_t row = 0; row < active; ++row) {
        const auto& interaction = examples_.interactions[rows[row]->interactions.begin + step];
        fill_interaction(interaction, step + 1 == rows[row]->interactions.size(), last_bags_[row]);
      }
    }
  }

  void fill_interaction(const EncodedExamples::Interaction& interaction, bool is_last,
                        std::vector<std::int64_t>& last_bag) {
    IndexBags& tags = batch_.tags;
    IndexBags& terms = batch_.terms;
    tags.offsets.push_back(static_cast<std::int64_t>(tags.ids.size()));
    terms.offsets.push_back(static_cast<std::int64_t>(terms.ids.size()));
    batch_.channel.push_back(interaction.is_call ? 1.0F : 0.0F);
    const auto* begin = examples_.features.data() + interaction.features.begin;
    const auto* end = examples_.features.data() + interaction.features.end;
    if (!interaction.is_call) {
      tags.ids.insert(tags.ids.end(), begin, end);
      return;
    }
    if (is_last && options_.cut_calls && interaction.cuts.size() > 0)
      end = begin + examples_.cuts[interaction.cuts.begin + draw_turn(generator_, interaction.cuts.size())];
    const auto first = static_cast<std::ptrdiff_t>(terms.ids.size());
    for (const auto* term = begin; term != end; ++term)
      if (drop_below_ == 0 || (generator_() >> 32U) >= drop_below_) terms.ids.push_back(*term);
    if (is_last) last_bag.assign(terms.ids.begin() + first, terms.ids.end());
  }

  void fill_items(const Example& example) {
    const std::size_t row = batch_.labels.size();
    const float weight = weights_.of(example.kind);
    batch_.labels.resize(row + examples_.items, 0.0F);
    batch_.weights.resize(row + examples_.items, example.has_portfolio ? 0.0F : weight);
    for (std::uint64_t i = example.bought.begin; i < example.bought.end; ++i)
      batch_.labels[row + examples_.labels[i]] = 1.0F;
    for (std::uint64_t i = example.eligible.begin; i < example.eligible.end; ++i)
      batch_.weights[row + examples_.labels[i]] = weight;
  }

  const EncodedExamples& examples_;
  const BatchOptions& options_;
  const KindWeights& weights_;
  std::mt19937_64& generator_;
  std::uint64_t drop_below_;
  TrainingBatch& batch_;
  std::vector<std::vector<std::int64_t>> last_bags_;
};

}  // namespace

void fill_batch(const EncodedExamples& examples, std::span<const std::uint32_t> indices,
                const BatchOptions& options, const KindWeights& weights, std::mt19937_64& generator,
                TrainingBatch& batch) {
  BatchFiller(examples, options, weights, generator, batch).fill(indices);
}

}  // namespace eddy

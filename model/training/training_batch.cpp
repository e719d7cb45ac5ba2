#include "model/training/training_batch.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

using Example = EncodedExamples::Example;
using Interaction = EncodedExamples::Interaction;
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
    rows_.clear();
    for (const std::uint32_t index : indices) rows_.push_back(row_of(index));
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const Row& a, const Row& b) { return a.steps.size() > b.steps.size(); });
    batch_ = TrainingBatch{};
    last_bags_.assign(rows_.size(), {});
    fill_steps();
    for (const std::vector<std::int64_t>& bag : last_bags_) {
      batch_.last_terms.offsets.push_back(static_cast<std::int64_t>(batch_.last_terms.ids.size()));
      batch_.last_terms.ids.insert(batch_.last_terms.ids.end(), bag.begin(), bag.end());
    }
    for (const Row& row : rows_) {
      batch_.examples.push_back(row.index);
      if (options_.pools_calls) pool_calls(*row.example);
      fill_items(*row.example);
    }
  }

 private:
  struct Row {
    std::uint32_t index = 0;
    const Example* example = nullptr;
    std::vector<const Interaction*> steps;
  };

  Row row_of(std::uint32_t index) const {
    Row row{index, &examples_.examples[index], {}};
    const auto add = [&](const Range& range) {
      for (std::uint64_t i = range.begin; i < range.end; ++i) {
        const Interaction& interaction = examples_.interactions[i];
        if (interaction.is_call ? options_.reads_calls : options_.reads_sessions)
          row.steps.push_back(&interaction);
      }
    };
    add(row.example->interactions);
    if (row.steps.empty()) add(row.example->imputed);
    return row;
  }

  void fill_steps() {
    const std::size_t longest = rows_.empty() ? 0 : rows_.front().steps.size();
    for (std::size_t step = 0; step < longest; ++step) {
      std::size_t active = 0;
      while (active < rows_.size() && rows_[active].steps.size() > step) ++active;
      batch_.batch_sizes.push_back(static_cast<std::int64_t>(active));
      for (std::size_t row = 0; row < active; ++row)
        fill_step(*rows_[row].steps[step], is_last(*rows_[row].example, rows_[row].steps[step]),
                  last_bags_[row]);
    }
  }

  [[nodiscard]] bool is_last(const Example& example, const Interaction* interaction) const {
    return example.interactions.size() > 0 &&
           interaction == &examples_.interactions[example.interactions.end - 1];
  }

  void fill_step(const Interaction& interaction, bool is_last, std::vector<std::int64_t>& last_bag) {
    IndexBags& tags = batch_.tags;
    IndexBags& terms = batch_.terms;
    tags.offsets.push_back(static_cast<std::int64_t>(tags.ids.size()));
    terms.offsets.push_back(static_cast<std::int64_t>(terms.ids.size()));
    batch_.channel.push_back(interaction.is_call ? 1.0F : 0.0F);
    if (options_.calls == CallSource::kCarried && options_.reads_calls)
      append_mean({&interaction}, is_last ? &interaction : nullptr, batch_.vectors);
    if (!interaction.is_call || options_.calls == CallSource::kKeywords) {
      const auto features = features_of(interaction, is_last);
      tags.ids.insert(tags.ids.end(), features.begin(), features.end());
      return;
    }
    const auto first = static_cast<std::ptrdiff_t>(terms.ids.size());
    append_terms(features_of(interaction, is_last), terms.ids);
    if (is_last) last_bag.assign(terms.ids.begin() + first, terms.ids.end());
  }

  /// Of a call that is the last interaction, up to a random turn.
  [[nodiscard]] std::span<const std::uint32_t> features_of(const Interaction& interaction, bool is_last) {
    auto size = interaction.features.size();
    if (interaction.is_call && is_last && options_.cut_calls && interaction.cuts.size() > 0)
      size = examples_.cuts[interaction.cuts.begin + draw_turn(generator_, interaction.cuts.size())];
    return std::span(examples_.features).subspan(interaction.features.begin, size);
  }

  void append_terms(std::span<const std::uint32_t> terms, std::vector<std::int64_t>& ids) {
    for (const std::uint32_t term : terms)
      if (drop_below_ == 0 || (generator_() >> 32U) >= drop_below_) ids.push_back(term);
  }

  void pool_calls(const Example& example) {
    IndexBags& bags = batch_.call_terms;
    bags.offsets.push_back(static_cast<std::int64_t>(bags.ids.size()));
    std::vector<const Interaction*> calls;
    const Interaction* last = nullptr;
    for (std::uint64_t i = example.interactions.begin; i < example.interactions.end; ++i) {
      const Interaction& interaction = examples_.interactions[i];
      if (!interaction.is_call) continue;
      calls.push_back(&interaction);
      if (is_last(example, &interaction)) last = &interaction;
      if (options_.calls == CallSource::kTerms)
        append_terms(features_of(interaction, is_last(example, &interaction)), bags.ids);
    }
    batch_.has_calls.push_back(calls.empty() ? 0.0F : 1.0F);
    if (options_.imputes_calls && calls.empty() && example.imputed_call.size() > 0) {
      const auto imputed =
          std::span(examples_.vectors).subspan(example.imputed_call.begin, example.imputed_call.size());
      batch_.call_vectors.insert(batch_.call_vectors.end(), imputed.begin(), imputed.end());
    } else if (options_.imputes_calls || options_.calls == CallSource::kCarried) {
      append_mean(calls, last, batch_.call_vectors);  // zeros where calls are read by their terms
    }
  }

  struct VectorSum {
    std::span<const float> sum;
    std::uint64_t count = 0;
  };

  /// Of a call that is the last interaction, up to a random turn.
  [[nodiscard]] VectorSum vectors_of(const Interaction& call, bool is_last) {
    const std::span<const float> vectors = examples_.vectors;
    if (!is_last || !options_.cut_calls || call.cut_vectors.size() == 0)
      return {vectors.subspan(call.vector.begin, call.vector.size()), call.vectors};
    const std::uint64_t turn = draw_turn(generator_, call.cuts.size());
    return {vectors.subspan(call.cut_vectors.begin + turn * options_.embedding, options_.embedding),
            examples_.cuts[call.cuts.begin + turn]};
  }

  /// `last`: the one that may be cut; null: none.
  void append_mean(const std::vector<const Interaction*>& calls, const Interaction* last,
                   std::vector<float>& vectors) {
    const std::size_t begin = vectors.size();
    vectors.resize(begin + options_.embedding, 0.0F);
    std::uint64_t count = 0;
    for (const Interaction* call : calls) {
      const VectorSum heard = vectors_of(*call, call == last);
      count += heard.count;
      for (std::size_t i = 0; i < heard.sum.size(); ++i) vectors[begin + i] += heard.sum[i];
    }
    if (count == 0) return;
    for (std::size_t i = begin; i < vectors.size(); ++i) vectors[i] /= static_cast<float>(count);
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
  std::vector<Row> rows_;
  std::vector<std::vector<std::int64_t>> last_bags_;
};

}  // namespace

void fill_batch(const EncodedExamples& examples, std::span<const std::uint32_t> indices,
                const BatchOptions& options, const KindWeights& weights, std::mt19937_64& generator,
                TrainingBatch& batch) {
  BatchFiller(examples, options, weights, generator, batch).fill(indices);
}

}  // namespace eddy

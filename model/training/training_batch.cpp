#include "model/training/training_batch.h"

#include <algorithm>
#include <cmath>
#include <optional>

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
        drop_terms_below_(threshold_of(options.term_dropout)),
        drop_tags_below_(threshold_of(options.tag_dropout)),
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
    for (Row& row : rows_) {
      batch_.examples.push_back(row.index);
      if (options_.pools_calls) pool_calls(row);
      if (options_.sums_history) sum_history(row);
      fill_items(*row.example);
    }
  }

 private:
  struct Row {
    std::uint32_t index = 0;
    const Example* example = nullptr;
    std::vector<const Interaction*> steps;
    std::optional<std::uint64_t> last_turn;  // up to which the last call is heard, once that is drawn
  };

  Row row_of(std::uint32_t index) const {
    Row row{index, &examples_.examples[index], {}, {}};
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
        fill_step(rows_[row], *rows_[row].steps[step], last_bags_[row]);
    }
  }

  [[nodiscard]] bool is_last(const Example& example, const Interaction* interaction) const {
    return example.interactions.size() > 0 &&
           interaction == &examples_.interactions[example.interactions.end - 1];
  }

  void fill_step(Row& row, const Interaction& interaction, std::vector<std::int64_t>& last_bag) {
    IndexBags& tags = batch_.tags;
    IndexBags& terms = batch_.terms;
    tags.offsets.push_back(static_cast<std::int64_t>(tags.ids.size()));
    terms.offsets.push_back(static_cast<std::int64_t>(terms.ids.size()));
    batch_.channel.push_back(interaction.is_call ? 1.0F : 0.0F);
    batch_.follows_purchase.push_back(interaction.follows_purchase ? 1.0F : 0.0F);
    if (options_.calls == CallSource::kCarried && options_.reads_calls)
      append_mean(row, {&interaction}, batch_.vectors);
    if (!interaction.is_call || options_.calls == CallSource::kKeywords) {
      append_kept(features_of(row, interaction), drop_tags_below_, tags.ids);
      return;
    }
    if (options_.calls == CallSource::kCarried) return;
    const auto first = static_cast<std::ptrdiff_t>(terms.ids.size());
    append_kept(features_of(row, interaction), drop_terms_below_, terms.ids);
    if (is_last(*row.example, &interaction)) last_bag.assign(terms.ids.begin() + first, terms.ids.end());
  }

  /// The turn up to which an interaction is heard: a random one of a call that is the last interaction, the
  /// same for all that read the row; nothing: it is read whole.
  [[nodiscard]] std::optional<std::uint64_t> turn_of(Row& row, const Interaction& interaction) {
    const std::uint64_t turns = std::max(interaction.cuts.size(), interaction.vector_cuts.size());
    if (!interaction.is_call || !options_.cut_calls || turns == 0 || !is_last(*row.example, &interaction))
      return std::nullopt;
    if (!row.last_turn) row.last_turn = draw_turn(generator_, turns);
    return row.last_turn;
  }

  [[nodiscard]] std::span<const std::uint32_t> features_of(Row& row, const Interaction& interaction) {
    const auto turn = interaction.cuts.size() > 0 ? turn_of(row, interaction) : std::nullopt;
    const auto size = turn ? examples_.cuts[interaction.cuts.begin + *turn] : interaction.features.size();
    return std::span(examples_.features).subspan(interaction.features.begin, size);
  }

  /// `drop_below`: threshold_of() the chance with which one is left out.
  void append_kept(std::span<const std::uint32_t> features, std::uint64_t drop_below,
                   std::vector<std::int64_t>& ids) {
    for (const std::uint32_t feature : features)
      if (drop_below == 0 || (generator_() >> 32U) >= drop_below) ids.push_back(feature);
  }

  void pool_calls(Row& row) {
    const Example& example = *row.example;
    IndexBags& bags = batch_.call_terms;
    bags.offsets.push_back(static_cast<std::int64_t>(bags.ids.size()));
    std::vector<const Interaction*> calls;
    for (std::uint64_t i = example.interactions.begin; i < example.interactions.end; ++i) {
      const Interaction& interaction = examples_.interactions[i];
      if (!interaction.is_call) continue;
      calls.push_back(&interaction);
      if (options_.calls == CallSource::kTerms)
        append_kept(features_of(row, interaction), drop_terms_below_, bags.ids);
    }
    batch_.has_calls.push_back(calls.empty() ? 0.0F : 1.0F);
    if (options_.imputes_calls && calls.empty() && example.imputed_call.size() > 0) {
      const auto imputed =
          std::span(examples_.vectors).subspan(example.imputed_call.begin, example.imputed_call.size());
      batch_.call_vectors.insert(batch_.call_vectors.end(), imputed.begin(), imputed.end());
    } else if (options_.imputes_calls || options_.calls == CallSource::kCarried) {
      append_mean(row, calls, batch_.call_vectors);  // zeros where calls are read by their terms
    }
  }

  void sum_history(Row& row) {
    for (IndexBags* bags : {&batch_.history_tags.bags, &batch_.history_terms.bags})
      bags->offsets.push_back(static_cast<std::int64_t>(bags->ids.size()));
    for (std::uint64_t i = first_since_purchase(*row.example); i < row.example->interactions.end; ++i) {
      const Interaction& interaction = examples_.interactions[i];
      const auto features = features_of(row, interaction);
      WeightedBags& to = interaction.is_call ? batch_.history_terms : batch_.history_tags;
      append_kept(features, interaction.is_call ? drop_terms_below_ : drop_tags_below_, to.bags.ids);
      // One that is kept stands for those that are left out.
      const double kept = 1 - (interaction.is_call ? options_.term_dropout : options_.tag_dropout);
      const double root = std::sqrt(static_cast<double>(std::max<std::size_t>(1, features.size())));
      to.weights.resize(to.bags.ids.size(), static_cast<float>(1 / (kept * root)));
    }
    if (options_.calls == CallSource::kCarried) sum_vectors(row);
  }

  void sum_vectors(Row& row) {
    std::vector<float>& sums = batch_.history_vectors;
    const std::size_t begin = sums.size();
    sums.resize(begin + options_.embedding, 0.0F);
    for (std::uint64_t i = first_since_purchase(*row.example); i < row.example->interactions.end; ++i) {
      if (!examples_.interactions[i].is_call) continue;
      mean_.clear();
      append_mean(row, {&examples_.interactions[i]}, mean_);
      for (std::size_t j = 0; j < mean_.size(); ++j) sums[begin + j] += mean_[j];
    }
  }

  [[nodiscard]] std::uint64_t first_since_purchase(const Example& example) const {
    std::uint64_t first = example.interactions.end;
    while (first > example.interactions.begin) {
      --first;
      if (examples_.interactions[first].follows_purchase) break;
    }
    return first;
  }

  struct VectorSum {
    std::span<const float> sum;
    std::uint64_t count = 0;
  };

  [[nodiscard]] VectorSum vectors_of(Row& row, const Interaction& call) {
    const std::span<const float> vectors = examples_.vectors;
    const auto turn = call.cut_vectors.size() > 0 ? turn_of(row, call) : std::nullopt;
    if (!turn) return {vectors.subspan(call.vector.begin, call.vector.size()), call.vectors};
    return {vectors.subspan(call.cut_vectors.begin + *turn * options_.embedding, options_.embedding),
            examples_.cuts[call.vector_cuts.begin + *turn]};
  }

  void append_mean(Row& row, const std::vector<const Interaction*>& calls, std::vector<float>& vectors) {
    const std::size_t begin = vectors.size();
    vectors.resize(begin + options_.embedding, 0.0F);
    std::uint64_t count = 0;
    for (const Interaction* call : calls) {
      const VectorSum heard = vectors_of(row, *call);
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
  const std::uint64_t drop_terms_below_, drop_tags_below_;
  TrainingBatch& batch_;
  std::vector<Row> rows_;
  std::vector<std::vector<std::int64_t>> last_bags_;
  std::vector<float> mean_;
};

}  // namespace

void fill_batch(const EncodedExamples& examples, std::span<const std::uint32_t> indices,
                const BatchOptions& options, const KindWeights& weights, std::mt19937_64& generator,
                TrainingBatch& batch) {
  BatchFiller(examples, options, weights, generator, batch).fill(indices);
}

}  // namespace eddy

#include "model/recommenders/padded_input.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "model/features/carried_embedding.h"
#include "model/features/session_features.h"
#include "model/recommenders/call_reader.h"
#include "model/recommenders/network_forward.h"
#include "model/recommenders/session_generator.h"
#include "state/profile/interactions.h"

namespace eddy {
namespace {

std::int64_t extent(std::size_t size) {
  return static_cast<std::int64_t>(size);
}

at::Tensor copy_of(const std::vector<float>& values) {
  return at::tensor(at::ArrayRef<float>(values), at::kFloat);
}

at::Tensor mean_of_rows(const std::vector<float>& table, std::size_t width,
                        const std::vector<std::uint32_t>& rows) {
  if (rows.empty()) return at::zeros({extent(width)});
  const at::Tensor view = at::from_blob(const_cast<float*>(table.data()),
                                        {extent(table.size() / width), extent(width)}, at::kFloat);
  const at::Tensor index = at::tensor(std::vector<std::int64_t>(rows.begin(), rows.end()), at::kLong);
  return at::index_select(view, 0, index).mean(0);
}

/// What of a user is read, of the latest interactions.
struct History {
  std::vector<Interaction> sequence;
  std::vector<const CallFacts*> calls;
  std::vector<Interaction> since_purchase;
};

History history_of(const NetworkShape& shape, const Facts& facts) {
  std::vector<Interaction> all;
  list_interactions(facts, all);
  if (all.size() > shape.max_interactions)
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(shape.max_interactions));
  if (shape.reads_purchases()) mark_purchases(facts, all);
  History history;
  history.since_purchase.assign(all.end() - static_cast<std::ptrdiff_t>(interactions_since_purchase(all)),
                                all.end());
  for (const Interaction& interaction : all) {
    const bool is_call = interaction.call != nullptr;
    if (is_call) history.calls.push_back(interaction.call);
    if (shape.hidden > 0 && (is_call ? shape.reads_calls : shape.reads_sessions))
      history.sequence.push_back(interaction);
  }
  return history;
}

class Padding {
 public:
  Padding(const Network& network, std::span<const Facts* const> users)
      : network_(network), shape_(network.shape()), users_(users), session_tags_(*network.vocabulary) {
    std::size_t steps = 0;
    if (shape_.imputation == Imputation::kNeutral) steps = 1;
    if (shape_.imputation == Imputation::kGenerated) steps = shape_.generated_steps;
    for (const Facts* user : users) {
      histories_.push_back(history_of(shape_, *user));
      steps = std::max(steps, histories_.back().sequence.size());
    }
    const std::int64_t n = extent(users.size());
    const std::int64_t t = extent(steps);
    input_ = {at::zeros({n, t, extent(shape_.tags)}),
              at::zeros({n, t, extent(shape_.embedding)}),
              at::zeros({n, t, 1}),
              at::zeros({n, t, 1}),
              at::zeros({n, t, 1}),
              at::zeros({n, extent(shape_.items)}),
              at::zeros({n, extent(shape_.embedding)})};
  }

  PaddedInput fill() {
    for (std::int64_t user = 0; user < extent(histories_.size()); ++user) {
      const History& history = histories_[static_cast<std::size_t>(user)];
      for (std::int64_t step = 0; step < extent(history.sequence.size()); ++step)
        write(history.sequence[static_cast<std::size_t>(step)], user, step,
              step + 1 == extent(history.sequence.size()));
      if (shape_.sums_history()) input_.linear[user].copy_(linear_of(history.since_purchase));
      if (shape_.call_width > 0) input_.calls[user].copy_(embedding_of(history.calls));
      if (shape_.imputation == Imputation::kNeutral) impute_neutral(history, user);
      if (shape_.imputation == Imputation::kGenerated) generate(history, user);
    }
    return input_;
  }

 private:
  void write(const Interaction& interaction, std::int64_t user, std::int64_t step, bool is_last) {
    input_.exists[user][step].fill_(1);
    input_.follows_purchase[user][step].fill_(interaction.follows_purchase ? 1 : 0);
    if (interaction.session != nullptr) {
      session_tags_.collect(*interaction.session, tags_);
      for (const std::uint32_t tag : tags_) input_.tags[user][step][extent(tag)].fill_(1);
      return;
    }
    input_.channel[user][step].fill_(1);
    if (shape_.encoding == Encoding::kMultiHot) {
      for_each_winner(*interaction.call, [&](const UtteranceFact& utterance) {
        if (!network_.terms.hears(utterance)) return;
        for (const std::string_view keyword : utterance.keywords)
          if (const auto index = network_.vocabulary->find(keyword))
            input_.tags[user][step][extent(*index)].fill_(1);
      });
      return;
    }
    input_.text[user][step].copy_(embedding_of({interaction.call}));
    if (!is_last || !network_.has_linear_path() || shape_.sums_history()) return;
    std::vector<std::uint32_t> rows;
    network_.terms.append_rows(*interaction.call, rows);
    input_.linear[user].copy_(mean_of_rows(network_.weights.text_to_items, shape_.items, rows));
  }

  at::Tensor linear_of(const std::vector<Interaction>& interactions) {
    at::Tensor sum = at::zeros({extent(shape_.items)});
    for (const Interaction& interaction : interactions) {
      const bool is_call = interaction.call != nullptr;
      tags_.clear();
      if (is_call)
        network_.terms.append_rows(*interaction.call, tags_);
      else
        session_tags_.collect(*interaction.session, tags_);
      const auto& table = is_call ? network_.weights.text_to_items : network_.weights.tag_to_items;
      sum += mean_of_rows(table, shape_.items, tags_) * std::sqrt(static_cast<double>(tags_.size()));
      if (is_call && shape_.sums_vectors())
        sum += at::matmul(embedding_of({interaction.call}), view(network_.weights.vector_to_items));
    }
    return sum;
  }

  /// [D × I]
  [[nodiscard]] at::Tensor view(const std::vector<float>& values) const {
    return at::from_blob(const_cast<float*>(values.data()), {extent(shape_.embedding), extent(shape_.items)},
                         at::kFloat);
  }

  at::Tensor embedding_of(const std::vector<const CallFacts*>& calls) const {
    if (shape_.text == TextSource::kHashed) {
      std::vector<std::uint32_t> rows;
      for (const CallFacts* call : calls) network_.terms.append_rows(*call, rows);
      return mean_of_rows(network_.weights.text_embedding, shape_.embedding, rows);
    }
    at::Tensor sum = at::zeros({extent(shape_.embedding)});
    std::vector<float> of_call(shape_.embedding);
    std::uint64_t count = 0;
    for (const CallFacts* call : calls) {
      count += carried_sum(*call, shape_.encoder, of_call);
      sum += copy_of(of_call);
    }
    return count == 0 ? sum : sum / static_cast<double>(count);
  }

  void impute_neutral(const History& history, std::int64_t user) {
    if (history.calls.empty()) input_.calls[user].copy_(copy_of(network_.weights.neutral_call));
    if (!history.sequence.empty()) return;
    input_.exists[user][0].fill_(1);
    input_.tags[user][0].copy_(copy_of(network_.weights.neutral_session));
  }

  // The sessions, and the embedding that they come from, are not computed anew: SessionGenerator says why.
  void generate(const History& history, std::int64_t user) {
    if (history.calls.empty() == history.sequence.empty()) return;
    std::vector<float> embedding(shape_.embedding);
    const auto network = borrowed();
    if (history.calls.empty()) {
      const Facts* facts = users_[static_cast<std::size_t>(user)];
      const auto generated = network_forward(*network_.call_generator, {&facts, 1}, embedding.data());
      if (!generated) throw std::runtime_error(generated.error().message);
      input_.calls[user].copy_(copy_of(embedding));
      return;
    }
    TextSum no_text;
    CallsSum no_calls;
    CallReader(network).read_all(history.calls, no_text, no_calls, embedding.data());
    const auto sessions = SessionGenerator(network).generate(1, embedding.data());
    for (std::int64_t step = 0; step < extent(sessions[0].size()); ++step) {
      const auto& tags = sessions[0][static_cast<std::size_t>(step)];
      if (!tags.empty()) input_.exists[user][step].fill_(1);
      for (const std::uint32_t tag : tags) input_.tags[user][step][extent(tag)].fill_(1);
    }
  }

  /// The network for a class that would share it, without owning it.
  [[nodiscard]] std::shared_ptr<const Network> borrowed() const {
    return {std::shared_ptr<const Network>(), &network_};
  }

  const Network& network_;
  const NetworkShape& shape_;
  const std::span<const Facts* const> users_;
  SessionTags session_tags_;
  std::vector<std::uint32_t> tags_;
  std::vector<History> histories_;
  PaddedInput input_;
};

}  // namespace

PaddedInput pad(const Network& network, std::span<const Facts* const> users) {
  return Padding(network, users).fill();
}

}  // namespace eddy

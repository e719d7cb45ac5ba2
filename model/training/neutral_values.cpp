#include "model/training/neutral_values.h"

#include <algorithm>

namespace eddy {
namespace {

/// Adds the example's mean over its calls; false if it has no call.
bool add_calls_mean(const EncodedExamples& examples, const EncodedExamples::Example& example, bool carried,
                    std::vector<double>& sum) {
  std::uint64_t count = 0;
  bool has_calls = false;
  const auto for_each_call = [&](auto&& visit) {
    for (std::uint64_t i = example.interactions.begin; i < example.interactions.end; ++i)
      if (examples.interactions[i].is_call) visit(examples.interactions[i]);
  };
  for_each_call([&](const EncodedExamples::Interaction& call) {
    has_calls = true;
    count += carried ? call.vectors : call.features.size();
  });
  if (count == 0) return has_calls;
  const double share = 1.0 / static_cast<double>(count);
  for_each_call([&](const EncodedExamples::Interaction& call) {
    for (std::uint64_t i = 0; carried && i < call.vector.size(); ++i)
      sum[i] += share * static_cast<double>(examples.vectors[call.vector.begin + i]);
    for (std::uint64_t i = call.features.begin; !carried && i < call.features.end; ++i)
      sum[examples.features[i]] += share;
  });
  return true;
}

std::vector<float> divided(const std::vector<double>& sum, double by) {
  std::vector<float> result;
  for (const double value : sum) result.push_back(static_cast<float>(by > 0 ? value / by : 0));
  return result;
}

}  // namespace

std::vector<float> neutral_call(const EncodedExamples& examples, const FeatureSet& features) {
  const bool carried = features.options.calls == CallSource::kCarried;
  std::vector<double> sum(carried ? features.embedding : features.term_buckets.size(), 0.0);
  double with_calls = 0;
  for (const auto& example : examples.examples)
    if (add_calls_mean(examples, example, carried, sum)) ++with_calls;
  return divided(sum, with_calls);
}

std::vector<float> neutral_session(const EncodedExamples& examples, const FeatureSet& features) {
  std::vector<double> counts(features.tags.size(), 0.0);
  double sessions = 0;
  for (const auto& example : examples.examples) {
    for (std::uint64_t i = example.interactions.begin; i < example.interactions.end; ++i) {
      const auto& interaction = examples.interactions[i];
      if (interaction.is_call) continue;
      ++sessions;
      for (std::uint64_t tag = interaction.features.begin; tag < interaction.features.end; ++tag)
        ++counts[examples.features[tag]];
    }
  }
  std::vector<float> session = divided(counts, sessions);
  for (float& share : session) share = share > 0.5F ? 1.0F : 0.0F;
  return session;
}

void impute_session(const std::vector<float>& session, EncodedExamples& examples) {
  EncodedExamples::Interaction interaction;
  interaction.features.begin = examples.features.size();
  for (std::uint32_t tag = 0; tag < session.size(); ++tag)
    if (session[tag] > 0.5F) examples.features.push_back(tag);
  interaction.features.end = examples.features.size();
  const std::uint64_t place = examples.interactions.size();
  examples.interactions.push_back(interaction);
  for (auto& example : examples.examples)
    if (example.kind == ExampleKind::kCallsOnly) example.imputed = {place, place + 1};
}

}  // namespace eddy

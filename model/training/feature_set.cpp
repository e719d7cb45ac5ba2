#include "model/training/feature_set.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/fixed_point.h"
#include "model/features/carried_embedding.h"
#include "model/features/session_features.h"
#include "state/profile/interactions.h"

namespace eddy {
namespace {

/// How many actions have each tag, and how many sentences each term.
struct FeatureCounts {
  std::map<std::string, std::uint64_t, std::less<>> tags, keywords;
  std::map<std::pair<std::string, std::size_t>, std::uint64_t> encoders;  // by name and length
  std::unordered_map<std::uint32_t, std::uint64_t> buckets;
  std::uint64_t actions = 0, sentences = 0;
};

bool reads_terms(const FeatureOptions& options) {
  return options.calls == CallSource::kTerms ||
         (options.calls == CallSource::kCarried && options.terms_beside_vectors);
}

void count_each(const TagSet& tags, std::map<std::string, std::uint64_t, std::less<>>& counts) {
  for (const std::string_view tag : tags) {
    auto found = counts.find(tag);
    if (found == counts.end()) found = counts.emplace(std::string(tag), 0).first;
    ++found->second;
  }
}

void count_session(const SessionFacts& session, FeatureCounts& counts) {
  for (const ActionFact& action : session.actions) {
    ++counts.actions;
    count_each(action.tags, counts.tags);
  }
}

void count_call(const CallFacts& call, const FeatureOptions& options, FeatureCounts& counts) {
  std::vector<std::uint32_t> buckets;
  for_each_winner(call, [&](const UtteranceFact& said) {
    if (options.customer_only && said.speaker != Speaker::kCustomer) return;
    ++counts.sentences;
    if (options.calls == CallSource::kKeywords) count_each(said.keywords, counts.keywords);
    if (!reads_terms(options)) return;
    buckets.clear();
    append_ngram_buckets(said.words, options.max_ngram, options.buckets, buckets);
    std::sort(buckets.begin(), buckets.end());
    buckets.erase(std::unique(buckets.begin(), buckets.end()), buckets.end());
    for (const std::uint32_t bucket : buckets) ++counts.buckets[bucket];
  });
  if (call.embedding) ++counts.encoders[{call.embedding->encoder, call.embedding->sum.size()}];
}

std::uint64_t least_count(double share, std::uint64_t of) {
  return static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(of) - 1e-9));
}

/// In alphabetical order.
std::vector<std::string> frequent_tags(const FeatureCounts& counts, const FeatureOptions& options) {
  std::set<std::string> tags;
  const std::uint64_t least_actions = least_count(options.min_tag_share, counts.actions);
  for (const auto& [tag, count] : counts.tags)
    if (count >= least_actions) tags.insert(tag);
  const std::uint64_t least_sentences = least_count(options.min_tag_share, counts.sentences);
  for (const auto& [keyword, count] : counts.keywords)
    if (count >= least_sentences) tags.insert(keyword);
  return {tags.begin(), tags.end()};
}

/// Appends to the encoded examples; keeps what the features need as scratch.
class Encoder {
 public:
  explicit Encoder(const FeatureSet& features) : features_(features), session_tags_(features.tags) {
    encoded_.items = features.items.size();
    for (std::uint32_t i = 0; i < features.items.size(); ++i) item_index_[features.items[i]] = i;
  }

  void add(const LearningExample& example) {
    EncodedExamples::Example out;
    out.kind = example.kind;
    list_interactions(example.facts, interactions_);
    const std::size_t first = interactions_.size() -
                              std::min<std::size_t>(interactions_.size(), features_.options.max_interactions);
    out.interactions.begin = encoded_.interactions.size();
    const std::span read = std::span(interactions_).subspan(first);
    mark_purchases(example.facts, read);
    for (const eddy::Interaction& interaction : read) {
      const bool is_last = &interaction == &read.back();
      encoded_.interactions.push_back(
          interaction.call != nullptr
              ? call(*interaction.call, is_last ? example.last_call_vectors : no_vectors_)
              : session(*interaction.session));
      encoded_.interactions.back().follows_purchase = interaction.follows_purchase;
    }
    out.interactions.end = encoded_.interactions.size();
    out.bought = item_range(example.bought);
    out.has_portfolio = example.facts.portfolio.has_value();
    if (out.has_portfolio) out.eligible = item_range(example.facts.portfolio->items);
    encoded_.examples.push_back(out);
  }

  [[nodiscard]] EncodedExamples take() && { return std::move(encoded_); }

 private:
  EncodedExamples::Interaction session(const SessionFacts& session) {
    EncodedExamples::Interaction out;
    session_tags_.collect(session, tags_);
    out.features.begin = encoded_.features.size();
    encoded_.features.insert(encoded_.features.end(), tags_.begin(), tags_.end());
    out.features.end = encoded_.features.size();
    return out;
  }

  EncodedExamples::Interaction call(const CallFacts& call, const std::vector<UtteranceVector>& vectors) {
    EncodedExamples::Interaction out;
    out.is_call = true;
    const bool carried = features_.options.calls == CallSource::kCarried;
    if (carried) {
      add_vector(call, out);
      if (out.vectors > 0 && !vectors.empty()) add_cut_vectors(call, vectors, out);
      if (!features_.options.terms_beside_vectors) return out;
    }
    add_features(call, out);
    if (carried && out.vector_cuts.size() == 0) out.cuts = {};  // both are cut, or none
    return out;
  }

  void add_features(const CallFacts& call, EncodedExamples::Interaction& out) {
    const bool reads_keywords = features_.options.calls == CallSource::kKeywords;
    if (reads_keywords) session_tags_.begin();
    out.features.begin = encoded_.features.size();
    out.cuts.begin = encoded_.cuts.size();
    for_each_winner(call, [&](const UtteranceFact& said) {
      if (!reads_keywords)
        features_.terms.append_rows(said, encoded_.features);
      else if (features_.terms.hears(said))
        session_tags_.append_new(said.keywords, encoded_.features);
      if (said.speaker == Speaker::kCustomer)
        encoded_.cuts.push_back(static_cast<std::uint32_t>(encoded_.features.size() - out.features.begin));
    });
    out.features.end = encoded_.features.size();
    out.cuts.end = encoded_.cuts.size();
  }

  void add_vector(const CallFacts& call, EncodedExamples::Interaction& out) {
    out.vector.begin = encoded_.vectors.size();
    encoded_.vectors.resize(out.vector.begin + features_.embedding);
    out.vectors = carried_sum(call, features_.encoder, std::span(encoded_.vectors).subspan(out.vector.begin));
    if (out.vectors == 0) encoded_.vectors.resize(out.vector.begin);
    out.vector.end = encoded_.vectors.size();
  }

  /// What would have been added to the sum by each turn of the customer.
  void add_cut_vectors(const CallFacts& call, const std::vector<UtteranceVector>& vectors,
                       EncodedExamples::Interaction& out) {
    std::vector<std::int64_t> heard(features_.embedding, 0);
    std::size_t next = 0;
    out.vector_cuts.begin = encoded_.cuts.size();
    out.cut_vectors.begin = encoded_.vectors.size();
    for_each_winner(call, [&](const UtteranceFact& said) {
      if (said.speaker != Speaker::kCustomer) return;
      for (; next < vectors.size() && vectors[next].seq <= said.seq; ++next)
        for (std::size_t i = 0; i < heard.size(); ++i) heard[i] += to_fixed_point((*vectors[next].vector)[i]);
      encoded_.cuts.push_back(static_cast<std::uint32_t>(next));
      for (const std::int64_t value : heard)
        encoded_.vectors.push_back(static_cast<float>(from_fixed_point(value)));
    });
    out.vector_cuts.end = encoded_.cuts.size();
    out.cut_vectors.end = encoded_.vectors.size();
  }

  EncodedExamples::Range item_range(const std::vector<ItemId>& items) {
    EncodedExamples::Range range;
    range.begin = encoded_.labels.size();
    for (const ItemId& item : items)
      if (const auto found = item_index_.find(item); found != item_index_.end())
        encoded_.labels.push_back(found->second);
    range.end = encoded_.labels.size();
    return range;
  }

  const FeatureSet& features_;
  SessionTags session_tags_;
  std::unordered_map<ItemId, std::uint32_t> item_index_;
  std::vector<Interaction> interactions_;
  std::vector<std::uint32_t> tags_;
  const std::vector<UtteranceVector> no_vectors_;
  EncodedExamples encoded_;
};

}  // namespace

FeatureSet choose_features(std::span<const LearningExample> examples, const FeatureOptions& options) {
  FeatureCounts counts;
  std::set<ItemId> items;
  for (const LearningExample& example : examples) {
    for (const SessionFacts& session : example.facts.sessions) count_session(session, counts);
    for (const CallFacts& call : example.facts.calls) count_call(call, options, counts);
    items.insert(example.bought.begin(), example.bought.end());
  }
  FeatureSet features;
  features.options = options;
  features.tags = Vocabulary(frequent_tags(counts, options));
  std::uint64_t most_calls = 0;
  for (const auto& [encoder, calls] : counts.encoders) {
    if (options.calls != CallSource::kCarried || calls <= most_calls) continue;
    if (!options.encoder.empty() && options.encoder != encoder.first) continue;
    most_calls = calls;
    std::tie(features.encoder, features.embedding) = encoder;
  }
  const std::uint64_t least_sentences =
      std::max<std::uint64_t>(options.min_term_count, least_count(options.min_term_share, counts.sentences));
  for (const auto& [bucket, count] : counts.buckets)
    if (count >= least_sentences) features.term_buckets.push_back(bucket);
  std::sort(features.term_buckets.begin(), features.term_buckets.end());
  features.terms =
      CallTerms(features.term_buckets, options.buckets, options.max_ngram, options.customer_only);
  features.items.assign(items.begin(), items.end());
  return features;
}

EncodedExamples encode_examples(std::span<const LearningExample> examples, const FeatureSet& features) {
  Encoder encoder(features);
  for (const LearningExample& example : examples) encoder.add(example);
  return std::move(encoder).take();
}

float KindWeights::of(ExampleKind kind) const {
  switch (kind) {
    case ExampleKind::kSessionsOnly:
      return sessions_only;
    case ExampleKind::kCallsOnly:
      return calls_only;
    case ExampleKind::kBoth:
      return both;
  }
  return 1;
}

KindWeights kind_weights(const EncodedExamples& examples) {
  std::array<double, 3> counts{};
  for (const auto& example : examples.examples) ++counts[static_cast<std::size_t>(example.kind)];
  const double total = counts[0] + counts[1] + counts[2];
  const double one_channel = counts[0] + counts[1];
  if (total == 0 || one_channel == 0) return {1, 1, 1};
  // (2·p_calls + p_sessions) / (1 − p_both), multiplied out by the number of examples.
  return {1, 2, static_cast<float>((2 * counts[1] + counts[0]) / one_channel)};
}

}  // namespace eddy

#include "model/training/feature_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "event_makers.h"
#include "model/training/training_batch.h"

namespace eddy {
namespace {

using test::make_action;
using test::make_portfolio;
using test::make_purchase;
using test::make_said;
using testing::ElementsAre;
using testing::Pair;

EncodedExamples of_kinds(std::size_t sessions, std::size_t calls, std::size_t both) {
  EncodedExamples examples;
  const auto add = [&](std::size_t count, ExampleKind kind) {
    EncodedExamples::Example example;
    example.kind = kind;
    examples.examples.insert(examples.examples.end(), count, example);
  };
  add(sessions, ExampleKind::kSessionsOnly);
  add(calls, ExampleKind::kCallsOnly);
  add(both, ExampleKind::kBoth);
  return examples;
}

TEST(KindWeights, follow_the_paper) {
  const KindWeights weights = kind_weights(of_kinds(682, 132, 186));
  EXPECT_FLOAT_EQ(weights.of(ExampleKind::kSessionsOnly), 1.0F);
  EXPECT_FLOAT_EQ(weights.of(ExampleKind::kCallsOnly), 2.0F);
  // (2 · .132 + .682) / (1 − .186)
  EXPECT_NEAR(weights.of(ExampleKind::kBoth), 0.946 / 0.814, 1e-6);
}

TEST(KindWeights, are_one_when_every_example_has_both) {
  const KindWeights weights = kind_weights(of_kinds(0, 0, 5));
  EXPECT_FLOAT_EQ(weights.of(ExampleKind::kBoth), 1.0F);
}

TEST(FeatureSet, drops_what_is_rare) {
  std::vector<Event> events;
  for (int i = 0; i < 999; ++i)
    events.push_back(make_action("u", i, "s" + std::to_string(i / 500), {"often"}));
  events.push_back(make_action("u", 999, "s1", {"twice", "once"}));
  events.push_back(make_action("u", 1000, "s1", {"twice"}));
  events.push_back(make_purchase("u", 2000, {"x"}));
  FeatureOptions options;
  options.min_tag_share = 0.0015;
  const auto set = build_examples(events, {});
  EXPECT_THAT(choose_features(set.examples, options).tags.words(), ElementsAre("often", "twice"));
}

TEST(FeatureSet, a_term_must_be_in_enough_sentences) {
  const std::vector<Event> events{
      make_said("u", 1, "c", 0, Speaker::kCustomer, "red red red"),
      make_said("u", 2, "c", 1, Speaker::kAgent, "blue"),
      make_said("u", 3, "c", 2, Speaker::kCustomer, "blue green"),
      make_purchase("u", 4, {"x"}),
  };
  FeatureOptions options;
  options.max_ngram = 1;
  options.min_term_count = 2;
  const auto set = build_examples(events, {});
  EXPECT_EQ(choose_features(set.examples, options).term_buckets.size(), 1U);  // blue
  options.customer_only = true;
  EXPECT_EQ(choose_features(set.examples, options).term_buckets.size(), 0U);
  options.min_term_count = 1;
  EXPECT_EQ(choose_features(set.examples, options).term_buckets.size(), 3U);  // red, blue, green
}

class BatchTest : public testing::Test {
 protected:
  BatchTest() {
    const std::vector<Event> events{
        make_action("a", 1, "s", {"t"}),
        make_purchase("a", 2, {"x"}),
        make_action("b", 3, "s", {"t"}),
        make_said("b", 4, "c", 0, Speaker::kCustomer, "one"),
        make_said("b", 5, "c", 1, Speaker::kAgent, "two"),
        make_said("b", 6, "c", 2, Speaker::kCustomer, "three"),
        make_portfolio("b", 7, {"y"}),
        make_purchase("b", 8, {"y"}),
    };
    FeatureOptions options;
    options.max_ngram = 1;
    options.min_term_count = 1;
    set_ = build_examples(events, {});
    features_ = choose_features(set_.examples, options);
    encoded_ = encode_examples(set_.examples, features_);
  }

  TrainingBatch batch(const BatchOptions& options, std::uint64_t seed) const {
    std::mt19937_64 generator(seed);
    TrainingBatch batch;
    const std::vector<std::uint32_t> all{0, 1};
    fill_batch(encoded_, all, options, KindWeights{}, generator, batch);
    return batch;
  }

  ExampleSet set_;
  FeatureSet features_;
  EncodedExamples encoded_;
};

TEST_F(BatchTest, is_packed_with_the_longest_first) {
  const TrainingBatch whole = batch({}, 1);
  EXPECT_THAT(whole.batch_sizes, ElementsAre(2, 1));
  EXPECT_THAT(whole.channel, ElementsAre(0.0F, 0.0F, 1.0F));
  EXPECT_THAT(whole.tags.offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(whole.terms.offsets, ElementsAre(0, 0, 0));
  EXPECT_EQ(whole.terms.ids.size(), 3U);
  EXPECT_THAT(whole.last_terms.offsets, ElementsAre(0, 3));
  EXPECT_EQ(whole.last_terms.ids, whole.terms.ids);
  // Example b first: it may buy y only. Items: x, y.
  EXPECT_THAT(whole.labels, ElementsAre(0.0F, 1.0F, 1.0F, 0.0F));
  EXPECT_THAT(whole.weights, ElementsAre(0.0F, 1.0F, 1.0F, 1.0F));
}

TEST_F(BatchTest, cuts_fall_on_every_turn_of_the_customer_and_nowhere_else) {
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 64; ++seed)
    lengths.insert(batch({.cut_calls = true, .term_dropout = 0}, seed).terms.ids.size());
  EXPECT_EQ(lengths, (std::set<std::size_t>{1, 3}));
}

TEST_F(BatchTest, dropped_terms_are_dropped_for_both_paths) {
  std::size_t kept = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const TrainingBatch thinned = batch({.cut_calls = false, .term_dropout = 0.5}, seed);
    EXPECT_EQ(thinned.last_terms.ids, thinned.terms.ids);
    kept += thinned.terms.ids.size();
  }
  EXPECT_NEAR(static_cast<double>(kept) / 1500, 0.5, 0.06);  // five standard deviations
}

TEST_F(BatchTest, steps_and_pooled_calls_are_what_the_network_reads) {
  std::mt19937_64 generator(1);
  TrainingBatch both;
  const std::vector<std::uint32_t> all{0, 1};
  fill_batch(encoded_, all, {.reads_calls = false, .pools_calls = true}, KindWeights{}, generator, both);
  EXPECT_THAT(both.batch_sizes, ElementsAre(2));  // the session of each
  EXPECT_THAT(both.channel, ElementsAre(0.0F, 0.0F));
  EXPECT_THAT(both.examples, ElementsAre(0U, 1U));
  EXPECT_THAT(both.call_terms.offsets, ElementsAre(0, 0));
  EXPECT_EQ(both.call_terms.ids.size(), 3U);  // one, two, three: of the second
  EXPECT_THAT(both.has_calls, ElementsAre(0.0F, 1.0F));
  TrainingBatch calls;
  fill_batch(encoded_, all, {.reads_sessions = false, .reads_calls = false, .pools_calls = true},
             KindWeights{}, generator, calls);
  EXPECT_THAT(calls.batch_sizes, ElementsAre());
  EXPECT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls.call_terms.ids, both.call_terms.ids);
}

TEST(FeatureSet, tags_and_keywords_share_one_space) {
  const std::vector<Event> events{
      make_action("u", 1, "s", {"garden", "claims"}),
      make_said("u", 2, "c", 0, Speaker::kCustomer, "hello", {"garden", "storm"}),
      make_said("u", 3, "c", 1, Speaker::kAgent, "yes", {"storm"}),
      make_purchase("u", 4, {"x"}),
  };
  FeatureOptions options;
  options.calls = CallSource::kKeywords;
  const ExampleSet set = build_examples(events, {});
  const FeatureSet features = choose_features(set.examples, options);
  EXPECT_THAT(features.tags.words(), ElementsAre("claims", "garden", "storm"));
  const EncodedExamples encoded = encode_examples(set.examples, features);
  std::mt19937_64 generator(1);
  TrainingBatch batch;
  const std::uint32_t only = 0;
  fill_batch(encoded, {&only, 1}, {.calls = CallSource::kKeywords}, KindWeights{}, generator, batch);
  EXPECT_THAT(batch.tags.offsets, ElementsAre(0, 2));
  EXPECT_THAT(batch.tags.ids, ElementsAre(0, 1, 1, 2));  // each keyword once
  EXPECT_TRUE(batch.terms.ids.empty());
}

TEST(FeatureSet, carried_vectors_count_by_the_encoder_that_most_calls_have) {
  const auto said = [](std::int64_t time, const std::string& call, std::uint32_t seq,
                       const std::string& encoder, std::vector<float> vector) {
    Event event = make_said("u", time, call, seq, Speaker::kCustomer, "");
    auto& utterance = std::get<Utterance>(event.body);
    utterance.encoder = encoder;
    utterance.embedding = std::move(vector);
    return event;
  };
  const std::vector<Event> events{said(1, "c1", 0, "new", {1, 2}), said(2, "c1", 1, "new", {3, 4}),
                                  said(3, "c2", 0, "new", {8, 0}), said(4, "c3", 0, "old", {9, 9, 9}),
                                  make_purchase("u", 5, {"x"})};
  FeatureOptions options;
  options.calls = CallSource::kCarried;
  const ExampleSet set = build_examples(events, {});
  const FeatureSet features = choose_features(set.examples, options);
  EXPECT_EQ(features.encoder, "new");
  EXPECT_EQ(features.embedding, 2U);
  const EncodedExamples encoded = encode_examples(set.examples, features);
  std::mt19937_64 generator(1);
  TrainingBatch batch;
  const std::uint32_t only = 0;
  const BatchOptions reads{.pools_calls = true, .calls = CallSource::kCarried, .embedding = 2};
  fill_batch(encoded, {&only, 1}, reads, KindWeights{}, generator, batch);
  EXPECT_THAT(batch.vectors, ElementsAre(2, 3, 8, 0, 0, 0));
  EXPECT_THAT(batch.call_vectors, ElementsAre(4, 2));  // each vector counts alike
}

TEST(FeatureSet, a_call_whose_vectors_were_kept_is_cut_at_a_turn_of_the_customer) {
  const auto said = [](std::uint32_t seq, Speaker speaker, std::vector<float> vector) {
    Event event = make_said("u", seq, "c", seq, speaker, "");
    std::get<Utterance>(event.body).embedding = std::move(vector);
    return event;
  };
  ExampleBuilder builder({}, true);
  builder.add(said(1, Speaker::kAgent, {8, 0}));
  builder.add(said(2, Speaker::kCustomer, {0, 2}));
  builder.add(said(3, Speaker::kAgent, {4, 1}));
  builder.add(said(4, Speaker::kCustomer, {0, 1}));
  builder.add(said(5, Speaker::kAgent, {2, 1}));
  builder.add(make_purchase("u", 6, {"x"}));
  const ExampleSet set = std::move(builder).take();
  FeatureOptions options;
  options.calls = CallSource::kCarried;
  const EncodedExamples encoded = encode_examples(set.examples, choose_features(set.examples, options));
  const auto means = [&](bool cut_calls) {
    std::set<std::vector<float>> drawn;
    std::mt19937_64 generator(1);
    for (int i = 0; i < 50; ++i) {
      TrainingBatch batch;
      const std::uint32_t only = 0;
      fill_batch(encoded, {&only, 1},
                 {.cut_calls = cut_calls, .pools_calls = true, .calls = CallSource::kCarried, .embedding = 2},
                 KindWeights{}, generator, batch);
      drawn.insert(batch.vectors);
      drawn.insert(batch.call_vectors);
    }
    return drawn;
  };
  EXPECT_THAT(means(true), ElementsAre(std::vector<float>{3, 1}, std::vector<float>{4, 1}));
  EXPECT_THAT(means(false), ElementsAre(std::vector<float>{2.8F, 1}));
}

TEST(FeatureSet, terms_and_vectors_of_a_call_are_cut_at_the_same_turn) {
  const auto said = [](std::uint32_t seq, Speaker speaker, std::vector<float> vector) {
    Event event = make_said("u", seq, "c", seq, speaker, "word");
    std::get<Utterance>(event.body).embedding = std::move(vector);
    return event;
  };
  const std::vector<Event> events{said(1, Speaker::kCustomer, {6}), said(2, Speaker::kAgent, {2}),
                                  said(3, Speaker::kCustomer, {1}), make_purchase("u", 4, {"x"})};
  FeatureOptions options;
  options.calls = CallSource::kCarried;
  options.terms_beside_vectors = true;
  // By how many terms are heard, the mean of the vectors.
  const auto heard = [&](bool keeps_vectors) {
    ExampleBuilder builder({}, keeps_vectors);
    for (const Event& event : events) builder.add(event);
    const ExampleSet set = std::move(builder).take();
    const EncodedExamples encoded = encode_examples(set.examples, choose_features(set.examples, options));
    std::map<std::size_t, std::vector<float>> drawn;
    std::mt19937_64 generator(1);
    for (int i = 0; i < 50; ++i) {
      TrainingBatch batch;
      const std::uint32_t only = 0;
      fill_batch(encoded, {&only, 1},
                 {.cut_calls = true, .calls = CallSource::kCarried, .sums_history = true, .embedding = 1},
                 KindWeights{}, generator, batch);
      EXPECT_EQ(batch.history_vectors, batch.vectors);
      drawn[batch.history_terms.bags.ids.size()] = batch.history_vectors;
    }
    return drawn;
  };
  EXPECT_THAT(heard(true), ElementsAre(Pair(1, ElementsAre(6)), Pair(3, ElementsAre(3))));
  EXPECT_THAT(heard(false), ElementsAre(Pair(3, ElementsAre(3)))) << "a sum alone cannot be cut";
}

TEST(FeatureSet, vectors_of_a_given_encoder_count_even_if_others_are_more) {
  const auto said = [](std::int64_t time, const std::string& call, const std::string& encoder) {
    Event event = make_said("u", time, call, 0, Speaker::kCustomer, "");
    std::get<Utterance>(event.body).encoder = encoder;
    std::get<Utterance>(event.body).embedding = {1};
    return event;
  };
  const std::vector<Event> events{said(1, "c1", "more"), said(2, "c2", "more"), said(3, "c3", "wanted"),
                                  make_purchase("u", 5, {"x"})};
  FeatureOptions options;
  options.calls = CallSource::kCarried;
  options.encoder = "wanted";
  EXPECT_EQ(choose_features(build_examples(events, {}).examples, options).encoder, "wanted");
  options.encoder = "missing";
  EXPECT_EQ(choose_features(build_examples(events, {}).examples, options).embedding, 0U);
}

}  // namespace
}  // namespace eddy

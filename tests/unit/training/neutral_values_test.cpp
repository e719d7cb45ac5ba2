#include "model/training/neutral_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_makers.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

class NeutralValuesTest : public testing::Test {
 protected:
  void encode(const std::vector<Event>& events, CallSource calls) {
    FeatureOptions options;
    options.calls = calls;
    options.max_ngram = 1;
    options.min_term_count = 1;
    const ExampleSet set = build_examples(events, {});
    features_ = choose_features(set.examples, options);
    examples_ = encode_examples(set.examples, features_);
  }

  static std::vector<Event> three_users() {
    Event carried = test::make_said("c", 8, "c", 0, Speaker::kCustomer, "red red red blue");
    std::get<Utterance>(carried.body).embedding = {1.0F, 3.0F};
    Event other = test::make_said("b", 5, "c", 0, Speaker::kCustomer, "blue");
    std::get<Utterance>(other.body).embedding = {2.0F, -1.0F};
    return {test::make_action("a", 1, "s", {"often", "seldom"}),
            test::make_purchase("a", 2, {"x"}),
            test::make_action("b", 3, "s", {"often"}),
            other,
            test::make_purchase("b", 6, {"x"}),
            carried,
            test::make_purchase("c", 9, {"x"})};
  }

  FeatureSet features_;
  EncodedExamples examples_;
};

TEST_F(NeutralValuesTest, a_call_is_the_mean_over_the_examples_with_calls) {
  encode(three_users(), CallSource::kTerms);
  // Shares of red and blue: 0 and 1 of one user, 3/4 and 1/4 of the other.
  EXPECT_THAT(neutral_call(examples_, features_),
              testing::UnorderedElementsAre(FloatEq(0.375F), FloatEq(0.625F)));
  encode(three_users(), CallSource::kCarried);
  EXPECT_THAT(neutral_call(examples_, features_), ElementsAre(FloatEq(1.5F), FloatEq(1.0F)));
}

TEST_F(NeutralValuesTest, a_session_has_what_most_sessions_have) {
  encode(three_users(), CallSource::kTerms);
  const auto session = neutral_session(examples_, features_);
  EXPECT_THAT(session, ElementsAre(1.0F, 0.0F));
  impute_session(session, examples_);
  EXPECT_EQ(examples_.examples[0].imputed.size(), 0U);
  EXPECT_EQ(examples_.examples[1].imputed.size(), 0U);
  ASSERT_EQ(examples_.examples[2].imputed.size(), 1U);
  const auto& imputed = examples_.interactions[examples_.examples[2].imputed.begin];
  ASSERT_EQ(imputed.features.size(), 1U);
  EXPECT_EQ(examples_.features[imputed.features.begin], 0U);
}

}  // namespace
}  // namespace eddy

#include "model/network_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/random_models.h"

namespace eddy {
namespace {

std::string refusal(const NetworkShape& shape) {
  const auto parsed = parse_network_shape(to_json(shape));
  return parsed ? "accepted" : parsed.error().message;
}

TEST(NetworkShape, comes_back_from_its_json) {
  for (const char* kind : {"latent-feature", "wide-and-deep", "conversation", "session", "keyword",
                           "neutral-imputation", "generative-imputation", "relative-representation"}) {
    SCOPED_TRACE(kind);
    for (const NetworkShape& shape : {small_shape(kind), small_carried_shape(kind)}) {
      const auto parsed = parse_network_shape(to_json(shape));
      ASSERT_TRUE(parsed) << parsed.error().message;
      EXPECT_EQ(*parsed, shape);
    }
  }
}

TEST(NetworkShape, a_manifest_without_the_later_fields_is_latent_feature) {
  const auto parsed = parse_network_shape(
      R"({"tags": 3, "terms": 2, "items": 4, "embedding": 64, "projection": 128, "hidden": 200,
          "buckets": 1024, "max_ngram": 2, "customer_only": false, "max_interactions": 10})");
  ASSERT_TRUE(parsed) << parsed.error().message;
  NetworkShape expected;
  expected.tags = 3;
  expected.terms = 2;
  expected.items = 4;
  expected.hidden = 200;
  expected.head = {200};
  expected.buckets = 1024;
  EXPECT_EQ(*parsed, expected);
}

TEST(NetworkShape, refuses_what_no_network_has) {
  NetworkShape shape = small_shape("session");
  shape.hidden = 0;
  EXPECT_THAT(refusal(shape), testing::HasSubstr("belong together"));
  shape = small_shape("relative-representation");
  shape.anchors = 0;
  EXPECT_THAT(refusal(shape), testing::HasSubstr("a size is 0"));
  shape = small_shape("latent-feature");
  shape.imputation = Imputation::kNeutral;
  EXPECT_THAT(refusal(shape), testing::HasSubstr("side by side"));
  shape = small_shape("wide-and-deep");
  shape.reads_sessions = false;
  EXPECT_THAT(refusal(shape), testing::HasSubstr("depends on purchases"));
  shape = small_shape("conversation");
  shape.call_width = std::size_t{1} << 40U;
  EXPECT_THAT(refusal(shape), testing::HasSubstr("too large"));
  std::string unknown = to_json(small_shape("keyword"));
  unknown.replace(unknown.find("multi-hot"), 9, "one-hot  ");
  EXPECT_FALSE(parse_network_shape(unknown));
}

}  // namespace
}  // namespace eddy

#include "app/http/recommendation_json.h"

#include <gtest/gtest.h>

#include "unit/http/fake_queries.h"

namespace eddy {
namespace {

TEST(RecommendationJson, has_at_most_k_items_and_short_numbers) {
  const auto answer = recommendations_of("ann", "e-1", {{"car", 0.91F}, {"house", 1e-7F}, {"boat", 0.0F}});
  EXPECT_EQ(recommendations_json(answer, 2),
            R"({"user":"ann","event":"e-1","time":"2023-11-14T22:13:20.250Z","model":"popular@1",)"
            R"("items":[{"item":"car","score":0.91},{"item":"house","score":1e-07}]})");
}

TEST(RecommendationJson, unknown_event_is_left_out) {
  EXPECT_EQ(recommendations_json(recommendations_of("ann", "", {}), 3),
            R"({"user":"ann","time":"2023-11-14T22:13:20.250Z","model":"popular@1","items":[]})");
}

TEST(RecommendationJson, names_are_escaped) {
  const auto answer = recommendations_of("\"\\\n\xFF", "", {});
  EXPECT_EQ(recommendations_json(answer, 3).substr(0, 24), "{\"user\":\"\\\"\\\\\\n\xEF\xBF\xBD\",\"tim");
  EXPECT_EQ(error_json("no \"k\""), R"({"error":"no \"k\""})");
}

}  // namespace
}  // namespace eddy

#include "app/prequential_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/counting_bundle.h"
#include "operators/refresh/prequential.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PrequentialReport, has_a_line_for_each_arm_and_model_and_for_the_latest_purchases) {
  Prequential prequential(2);
  EXPECT_THAT(prequential_report(prequential), HasSubstr("no purchase"));
  auto bundle = std::make_shared<CountingBundle>(3, "m@1");
  const ServedModel model = {"default", bundle, std::make_shared<const Catalogue>(bundle->model()), 0};
  const std::vector<ScoredItem> ranked = {{0, .9F}, {1, .5F}};
  prequential.add(model, ranked, Purchase{{ItemId("item-2")}}, nullptr);
  prequential.add(model, ranked, Purchase{{ItemId("item-1")}}, nullptr);
  EXPECT_THAT(prequential_report(prequential), HasSubstr("m@1"));
  EXPECT_THAT(prequential_report(prequential), HasSubstr("2  0.000  0.500  0.500"));
  EXPECT_THAT(prequential_report(prequential), Not(HasSubstr("the latest")));
  prequential.add(model, ranked, Purchase{{ItemId("item-0")}}, nullptr);
  EXPECT_THAT(prequential_report(prequential), HasSubstr("3  0.333  0.667  0.667"));
  EXPECT_THAT(prequential_report(prequential), HasSubstr("2  0.500  1.000  1.000"));
}

}  // namespace
}  // namespace eddy

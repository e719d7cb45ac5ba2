#include <gtest/gtest.h>

#include "operators/option_set.h"

namespace eddy {
namespace {

const std::vector<std::string> kNames = {"batch_events", "batch_wait", "in_flight", "top_k"};

TEST(NearestName, finds_what_was_meant) {
  EXPECT_EQ(nearest_name("batch_event", kNames), "batch_events");
  EXPECT_EQ(nearest_name("batch-wait", kNames), "batch_wait");
  EXPECT_EQ(nearest_name("Batch_Wait", kNames), "batch_wait");
  EXPECT_EQ(nearest_name("inflight", kNames), "in_flight");
  EXPECT_EQ(nearest_name("in_filght", kNames), "in_flight");
  EXPECT_EQ(nearest_name("topk", kNames), "top_k");
}

TEST(NearestName, guesses_nothing_from_afar) {
  EXPECT_EQ(nearest_name("zookeeper", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name("top_k", {}), "");
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'a'), kNames), "");
}

}  // namespace
}  // namespace eddy

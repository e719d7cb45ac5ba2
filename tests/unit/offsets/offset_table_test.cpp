#include "app/offsets/offset_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace eddy {
namespace {

std::vector<PartitionOffsets> two() {
  PartitionOffsets read{{"web", 0}};
  read.state = 90;
  read.group = 100;
  read.first = 10;
  read.end = 125;
  read.next = 100;
  PartitionOffsets fresh{{"purchases", 11}};
  fresh.end = 7;
  return {read, fresh};
}

TEST(OffsetTable, aligns_its_columns) {
  EXPECT_EQ(offsets_table(two()),
            "topic      partition  next  state  group  beginning  end  lag\n"
            "web                0   100     90    100         10  125   25\n"
            "purchases         11     0      -      -          0    7    7\n");
}

TEST(OffsetTable, is_json_too) {
  const auto json = nlohmann::json::parse(offsets_json(two()));
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[0], nlohmann::json::parse(R"({"topic":"web","partition":0,"next":100,"state":90,"group":100,
                                               "beginning":10,"end":125,"lag":25})"));
  EXPECT_TRUE(json[1].at("state").is_null());
}

TEST(OffsetTable, lag_counts_what_is_in_the_log) {
  PartitionOffsets one{{"web", 0}};
  one.first = 50;
  one.end = 60;
  one.next = 20;
  EXPECT_EQ(one.lag(), 10);
  one.next = 70;
  EXPECT_EQ(one.lag(), 0);
}

}  // namespace
}  // namespace eddy

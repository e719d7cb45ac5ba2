#include "operators/publish/publish_operator.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "event/json_writer.h"
#include "fakes/shard_in_memory.h"

namespace eddy {
namespace {

/// Runs publish alone, on recommendations that the test makes.
class PublishOperatorTest : public testing::Test {
 protected:
  void open(const std::vector<std::pair<std::string, std::string>>& values) {
    auto made = make_operator(*make_publish_factory(), settings(values));
    ASSERT_TRUE(made) << made.error().message;
    publish_ = std::move(*made);
    ASSERT_TRUE(publish_->open(shard_.context()));
    auto model = std::make_shared<ScoredModel>();
    model->name = "m@1";
    for (const std::string name : {"zero", "one", "tw\"o", "three"}) model->items.emplace_back(name);
    model_ = std::move(model);
  }

  /// The outputs after one event of user "u" with these ranked items.
  std::vector<Output> after(const std::vector<ScoredItem>& ranked, const EventBody& body = Action{}) {
    Batch batch = shard_.batch({"{}"});
    Item& item = batch.items.emplace_back();
    item.event.user = UserId("u\n1");
    item.event.time = EventTime{1700000000250};
    item.event.body = body;
    item.profile = &shard_.profile("u\n1");
    item.facts_changed = true;
    if (!ranked.empty()) item.recommendation = {model_, ranked};
    Item* const items[] = {&item};
    EXPECT_TRUE(publish_->process(batch, items));
    return batch.outputs;
  }

  ShardInMemory shard_;
  std::unique_ptr<Operator> publish_;
  std::shared_ptr<const ScoredModel> model_;
};

TEST_F(PublishOperatorTest, output_is_valid_json_with_all_fields) {
  open({{"top_k", "2"}, {"sink", "out"}});
  const auto outputs = after({{2, 0.75F}, {1, 0.1F}, {0, 0.05F}});
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0].sink, "out");
  EXPECT_EQ(outputs[0].key, "u\n1");
  const auto json = nlohmann::json::parse(outputs[0].value);
  EXPECT_EQ(json["user"], "u\n1");
  EXPECT_EQ(json["event"], "t/0/0");
  EXPECT_EQ(json["time"], "2023-11-14T22:13:20.250Z");
  EXPECT_EQ(json["model"], "m@1");
  ASSERT_EQ(json["items"].size(), 2U);
  EXPECT_EQ(json["items"][0]["item"], "tw\"o");
  EXPECT_EQ(json["items"][1]["score"].get<float>(), 0.1F);
}

TEST_F(PublishOperatorTest, sends_when_the_top_changed_or_a_score_moved_from_what_was_sent) {
  open({{"top_k", "2"}, {"min_step", "0.1"}});
  EXPECT_EQ(after({{0, 0.5F}, {1, 0.4F}}).size(), 1U);
  EXPECT_EQ(after({{0, 0.5F}, {1, 0.4F}}).size(), 0U);
  EXPECT_EQ(after({{0, 0.5F}, {1, 0.4F}, {2, 0.39F}}).size(), 0U);
  EXPECT_EQ(after({{0, 0.58F}, {1, 0.4F}}).size(), 0U);
  EXPECT_EQ(after({{0, 0.66F}, {1, 0.4F}}).size(), 1U) << "small steps add up";
  EXPECT_EQ(after({{0, 0.66F}, {2, 0.4F}}).size(), 1U);
  EXPECT_EQ(after({{2, 0.66F}, {0, 0.65F}}).size(), 1U);
  EXPECT_EQ(after({{2, 0.66F}}).size(), 1U);
}

TEST_F(PublishOperatorTest, always_sends_every_refresh) {
  open({{"emit", "always"}});
  EXPECT_EQ(after({{0, 0.5F}}).size(), 1U);
  EXPECT_EQ(after({{0, 0.5F}}).size(), 1U);
  EXPECT_EQ(after({}).size(), 0U) << "no refresh, no output";
}

TEST_F(PublishOperatorTest, forgotten_user_is_deleted_from_the_topic) {
  open({});
  const auto outputs = after({}, Forget{});
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0].key, "u\n1");
  EXPECT_TRUE(outputs[0].value.empty());
}

TEST(JsonWriter, every_byte_below_128_reads_back) {
  std::string text = "æ€😀";
  for (char c = 0; c < 127; ++c) text += c;
  std::string json;
  append_json_string(json, text);
  EXPECT_EQ(nlohmann::json::parse(json).get<std::string>(), text);
}

}  // namespace
}  // namespace eddy

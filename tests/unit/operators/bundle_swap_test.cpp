// refresh and publish while models are replaced, and two side by side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/metric.h"
#include "fakes/counting_bundle.h"
#include "fakes/shard_in_memory.h"
#include "operators/decode/decode_operator.h"
#include "operators/fold/fold_operator.h"
#include "operators/publish/publish_operator.h"
#include "operators/refresh/refresh_operator.h"

namespace eddy {
namespace {

using testing::ElementsAre;

std::string action(const std::string& user, int time) {
  return R"({"type":"action","user":")" + user + R"(","session":"s","time":)" + std::to_string(time) +
         R"(,"tags":["t"]})";
}

std::string purchase(const std::string& user, int time) {
  return R"({"type":"purchase","user":")" + user + R"(","time":)" + std::to_string(time) +
         R"(,"items":["item-0"]})";
}

/// decode, fold, refresh, publish over models that a test may replace.
struct SwappingShard : ShardInMemory {
  explicit SwappingShard(std::shared_ptr<ServedModels> served) : models(std::move(served)) {
    context().metrics = &metrics;
    EXPECT_TRUE(append(make_operator(*make_decode_factory(), {})));
    EXPECT_TRUE(append(make_operator(*make_fold_factory(), {})));
    RefreshOptions options;
    options.sweep_rate = 100;
    auto refreshing = make_refresh_operator(models, prequential, options);
    refresh = refreshing.get();
    EXPECT_TRUE(append(std::move(refreshing)));
    auto publishing = make_operator(*make_publish_factory(), {});
    EXPECT_TRUE(publishing);
    publish = publishing->get();
    EXPECT_TRUE(append(std::move(publishing)));
  }

  /// What is sent for these events: "user model".
  std::vector<std::string> sent(const std::vector<std::string>& events) {
    Batch run_batch = batch(events);
    const auto result = run(run_batch);
    EXPECT_TRUE(result) << result.error().message;
    return texts(run_batch);
  }

  /// What a sweep over these users sends: "user model event time".
  std::vector<std::string> swept(const std::vector<std::string>& users) {
    Batch nothing{ShardId(0)};
    std::vector<Item> items(users.size());
    std::vector<Item*> pointers;
    for (std::size_t i = 0; i < users.size(); ++i) {
      items[i].record = kNoRecord;
      items[i].event.id = EventId("sweep");
      items[i].event.user = UserId(users[i]);
      items[i].event.time = EventTime{1000};
      items[i].profile = &profile(users[i]);
      pointers.push_back(&items[i]);
    }
    EXPECT_TRUE(refresh->sweep(nothing, pointers));
    EXPECT_TRUE(publish->sweep(nothing, pointers));
    return texts(nothing, true);
  }

  static std::vector<std::string> texts(const Batch& batch, bool with_cause = false) {
    std::vector<std::string> texts;
    for (const Output& output : batch.outputs) {
      const auto json = nlohmann::json::parse(output.value);
      texts.push_back(json.at("user").get<std::string>() + " " + json.at("model").get<std::string>());
      if (with_cause)
        texts.back() += " " + json.at("event").get<std::string>() + " " + json.at("time").get<std::string>();
    }
    return texts;
  }

  std::shared_ptr<ServedModels> models;
  std::shared_ptr<Prequential> prequential = std::make_shared<Prequential>(100);
  MetricRegistry metrics;
  Operator* refresh = nullptr;
  Operator* publish = nullptr;
};

std::shared_ptr<const Bundle> bundle(const std::string& name, std::size_t items = 5) {
  return std::make_shared<CountingBundle>(items, name);
}

TEST(BundleSwap, takes_over_between_two_batches_and_never_within_one) {
  SwappingShard shard(served_alone(bundle("old@1")));
  EXPECT_THAT(shard.sent({action("u", 1)}), ElementsAre("u old@1"));
  shard.models->replace(0, bundle("new@1", 3));
  EXPECT_THAT(shard.sent({action("v", 2)}), ElementsAre("v old@1")) << "the batch was under way";
  EXPECT_EQ(shard.refresh->between_batches().number, 1U);
  EXPECT_THAT(shard.sent({action("u", 3), action("w", 4)}), ElementsAre("u new@1", "w new@1"));
}

TEST(BundleSwap, a_sweep_sends_what_changed_and_says_why) {
  SwappingShard shard(served_alone(bundle("old@1")));
  shard.sent({action("u", 1), action("v", 2)});
  EXPECT_EQ(shard.refresh->between_batches().number, 0U) << "nothing was replaced";
  shard.models->replace(0, bundle("new@1"));
  EXPECT_EQ(shard.refresh->between_batches().profiles_per_second, 100);
  EXPECT_THAT(shard.sent({action("v", 3)}), ElementsAre("v new@1"));
  EXPECT_THAT(shard.swept({"u", "v"}), ElementsAre("u new@1 model/new@1 1970-01-01T00:00:01.000Z"))
      << "v had it already";
  shard.refresh->swept(1);
  EXPECT_EQ(shard.refresh->between_batches().number, 0U);
  EXPECT_TRUE(shard.swept({"u", "v"}).empty());
}

TEST(BundleSwap, a_shard_that_is_opened_again_is_swept_once) {
  const auto models = served_alone(bundle("old@1"));
  models->replace(0, bundle("new@1"));
  {
    SwappingShard shard(models);
    EXPECT_EQ(shard.refresh->between_batches().number, 1U);
    shard.refresh->swept(1);
  }
  SwappingShard again(models);
  EXPECT_EQ(again.refresh->between_batches().number, 0U);
}

TEST(BundleSwap, sweep_at_start_wishes_for_a_sweep_of_the_first_models) {
  SwappingShard shard(
      std::make_shared<ServedModels>(std::vector<Arm>{Arm{}}, std::vector{bundle("m@1")}, "salt", true));
  EXPECT_EQ(shard.refresh->between_batches().number, 1U);
  shard.profile("u");
  EXPECT_THAT(shard.swept({"u"}), ElementsAre("u m@1 model/m@1 1970-01-01T00:00:01.000Z"));
}

std::shared_ptr<ServedModels> two_arms() {
  return std::make_shared<ServedModels>(std::vector<Arm>{{"a", "", 0.5}, {"b", "", 0.5}},
                                        std::vector{bundle("one@1", 5), bundle("two@1", 8)}, "salt");
}

TEST(BundleSwap, two_models_share_the_users_out_and_keep_to_them) {
  SwappingShard shard(two_arms());
  std::vector<std::string> events;
  std::vector<std::string> expected;
  std::size_t of_a = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 40; ++i) {
      const std::string user = "user-" + std::to_string(i);
      const std::size_t arm = shard.models->split().arm_of(UserId(user));
      events.push_back(action(user, round * 100 + i));
      if (round > 0) continue;  // the others change no score, so they are not sent
      of_a += arm == 0 ? 1 : 0;
      expected.push_back(user + (arm == 0 ? " one@1" : " two@1"));
    }
  }
  EXPECT_EQ(shard.sent(events), expected);
  EXPECT_GT(of_a, 5U);
  EXPECT_LT(of_a, 35U);
  for (int i = 0; i < 40; ++i) {
    const std::string user = "user-" + std::to_string(i);
    Recommendation recommendation;
    ASSERT_TRUE(shard.refresh->recommend(shard.profile(user), recommendation));
    const bool is_a = shard.models->split().arm_of(UserId(user)) == 0;
    EXPECT_EQ(recommendation.model->name, is_a ? "one@1" : "two@1") << "HTTP answers alike";
  }
  const auto refreshes = [&](const std::string& arm, const std::string& model) {
    return shard.metrics.counter("eddy_arm_refreshes_total", "", {{"arm", arm}, {"model", model}}).value();
  };
  EXPECT_EQ(refreshes("a", "one@1"), 3.0 * static_cast<double>(of_a));
  EXPECT_EQ(refreshes("b", "two@1"), 3.0 * static_cast<double>(40 - of_a));
}

TEST(BundleSwap, a_sweep_for_one_arm_leaves_the_others_users_alone) {
  SwappingShard shard(two_arms());
  std::vector<std::string> users;
  std::vector<std::string> of_b;
  for (int i = 0; i < 20; ++i) {
    users.push_back("user-" + std::to_string(i));
    if (shard.models->split().arm_of(UserId(users.back())) == 1)
      of_b.push_back(users.back() + " three@1 model/three@1 1970-01-01T00:00:01.000Z");
    shard.profile(users.back());  // as after a restart: what was sent before is not known
  }
  shard.models->replace(1, bundle("three@1", 8));
  shard.refresh->between_batches();
  EXPECT_EQ(shard.swept(users), of_b);
}

TEST(BundleSwap, each_purchase_is_scored_by_the_model_of_its_arm_once) {
  SwappingShard shard(two_arms());
  std::vector<std::string> events;
  std::size_t of_a = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string user = "user-" + std::to_string(i);
    of_a += shard.models->split().arm_of(UserId(user)) == 0 ? 1 : 0;
    events.push_back(action(user, i));
    events.push_back(purchase(user, 100 + i));
    events.push_back(purchase(user, 100 + i));                         // the same again
    events.push_back(purchase("stranger-" + std::to_string(i), 100));  // nothing was predicted
  }
  shard.sent(events);
  const auto rows = shard.prequential->rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].arm, "a");
  EXPECT_EQ(rows[0].model, "one@1");
  EXPECT_EQ(rows[0].all.examples, of_a);
  EXPECT_EQ(rows[1].all.examples, 20 - of_a);
  EXPECT_EQ(rows[0].all.hit_rate[1], 1) << "item-0 is among the first two";
}

}  // namespace
}  // namespace eddy

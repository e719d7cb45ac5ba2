// TransactionalDeliveries on a real broker: what is committed is there, once, and nothing else is.
#include "pipeline/kafka/transactional_delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "fakes/test_broker.h"
#include "pipeline/kafka/group_membership.h"
#include "pipeline/kafka/kafka_source.h"
#include "pipeline/kafka/transactional_producer.h"
#include "state/profile/profile_codec.h"
#include "state/store/memory_profile_store.h"

namespace eddy {
namespace {

using testing::HasSubstr;

/// Counts what deliveries tell.
class CountingListener final : public DeliveryListener {
 public:
  void on_retry(const Error&) override { ++retries; }
  void on_abort(const Error&) override { ++aborts; }
  void on_restore(ShardId, std::uint64_t done, std::uint64_t) override { restored = done; }

  std::atomic<int> retries = 0, aborts = 0;
  std::atomic<std::uint64_t> restored = 0;
};

class transactional_delivery : public testing::Test {
 protected:
  static constexpr std::int32_t kShards = 2;
  const ShardId shard_{1};

  void SetUp() override {
    EDDY_NEEDS_BROKER();
    broker_.emplace();
    web_ = broker_->create_topic("web", kShards);
    out_ = broker_->create_topic("out", kShards);
    refused_ = broker_->create_topic("refused", 1);
    changelog_ = broker_->create_topic("changelog", kShards, {{"cleanup.policy", "compact"}});
    group_ = TestBroker::unique_name("delivery");
    for (int i = 0; i < 10; ++i) broker_->produce(web_, shard_.value(), "ann", std::to_string(i));
    KafkaSourceOptions source;
    source.cluster = broker_->cluster();
    source.topics = {web_};
    source.group = group_;
    source.bounded = true;  // it never joins, so that the group's generation stays
    source_ = std::make_unique<KafkaSource>(source);
    const auto opened = source_->open();
    ASSERT_TRUE(opened) << to_string(opened.error());
  }

  /// As a process of its own.
  TransactionalDeliveries process() {
    TransactionalDeliveryOptions options;
    options.source_cluster = options.sink_cluster = broker_->cluster();
    options.group = group_;
    options.changelog = changelog_;
    options.inputs = {web_};
    options.topics = {{"recommendations", out_}, {"dead_letters", refused_}};
    return {options, {source_->membership(), &listener_, &system_clock(), [this] { return wants_stop_; }}};
  }
  Result<std::unique_ptr<Delivery>> open(ProfileStore& store) {
    return process().open(shard_, kShards, store);
  }

  /// One recommendation, one dead letter.
  Result<void> write(Delivery& delivery, const std::string& value) {
    batches_.push_back(std::make_unique<Batch>(shard_));
    Batch& batch = *batches_.back();
    batch.outputs.push_back({"recommendations", "ann", value, 0});
    batch.dead_letters.push_back({{TopicName(web_), shard_.value(), 7}, "no JSON", "ann", value});
    return delivery.write(batch);
  }

  [[nodiscard]] UnitOfCommit unit(const std::string& user, std::int64_t next) const {
    return unit_of(shard_, user, next);
  }
  [[nodiscard]] UnitOfCommit unit_of(ShardId shard, const std::string& user, std::int64_t next) const {
    Facts facts;
    PurchaseFact purchase;
    purchase.id = EventId("purchase-" + std::to_string(next));
    purchase.time = EventTime{next};
    facts.purchases.push_back(purchase);
    UnitOfCommit unit;
    encode_facts(facts, unit.profiles.emplace_back(UserId(user), "").second);
    unit.positions[{web_, shard.value()}] = next;
    return unit;
  }

  /// Writes, commits and stores.
  void commit(Delivery& delivery, ProfileStore& store, const std::string& user, std::int64_t next) {
    const auto wrote = write(delivery, user + std::to_string(next));
    ASSERT_TRUE(wrote) << to_string(wrote.error());
    UnitOfCommit done = unit(user, next);
    const auto committed = delivery.commit(done);
    ASSERT_TRUE(committed) << to_string(committed.error());
    ASSERT_TRUE(done.changelog) << "the store would not know how far it follows";
    ASSERT_TRUE(store.commit(done));
  }

  [[nodiscard]] std::vector<std::string> values(const std::string& topic) {
    std::vector<std::string> values;
    for (const auto& message : broker_->read(topic)) values.push_back(message.value.value_or("(deleted)"));
    return values;
  }

  static void expect_equal(ProfileStore& left, ProfileStore& right) {
    EXPECT_EQ(rows(left), rows(right));
    EXPECT_EQ(*left.positions(), *right.positions());
  }
  static std::map<std::string, std::string> rows(ProfileStore& store) {
    std::map<std::string, std::string> rows;
    EXPECT_TRUE(store.for_each([&](const UserId& user, Facts&& facts) {
      encode_facts(facts, rows[user.value()]);
      return true;
    }));
    return rows;
  }

  std::optional<TestBroker> broker_;
  std::string web_, out_, refused_, changelog_, group_;
  std::unique_ptr<KafkaSource> source_;
  CountingListener listener_;
  bool wants_stop_ = false;
  std::vector<std::unique_ptr<Batch>> batches_;  // outlive the commits
};

TEST_F(transactional_delivery, a_committed_unit_is_in_all_topics_and_in_the_groups_offsets) {
  MemoryProfileStore store;
  auto delivery = open(store);
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  commit(**delivery, store, "ann", 4);
  const auto outputs = broker_->read(out_);
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0].partition, shard_.value());
  EXPECT_EQ(outputs[0].key, "ann");
  EXPECT_EQ(outputs[0].value, "ann4");
  const auto refused = broker_->read(refused_);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].headers.at("eddy.reason"), "no JSON");
  EXPECT_EQ(broker_->committed(group_, web_, shard_.value()), 4);
}

TEST_F(transactional_delivery, what_is_not_committed_is_never_read) {
  MemoryProfileStore store;
  auto first = open(store);
  ASSERT_TRUE(first) << to_string(first.error());
  commit(**first, store, "ann", 4);
  ASSERT_TRUE(write(**first, "lost"));
  first->reset();
  auto second = open(store);
  ASSERT_TRUE(second) << to_string(second.error());
  commit(**second, store, "ann", 6);
  EXPECT_EQ(values(out_), (std::vector<std::string>{"ann4", "ann6"}));
  EXPECT_EQ(values(refused_), (std::vector<std::string>{"ann4", "ann6"}));
}

TEST_F(transactional_delivery, a_later_owner_fences_the_earlier_one) {
  MemoryProfileStore store, other;
  auto earlier = open(store);
  ASSERT_TRUE(earlier) << to_string(earlier.error());
  commit(**earlier, store, "ann", 4);
  auto later = open(other);
  ASSERT_TRUE(later) << to_string(later.error());
  const auto wrote = write(**earlier, "zombie");
  UnitOfCommit late = unit("ann", 9);
  const auto committed = wrote ? (*earlier)->commit(late) : wrote;
  ASSERT_FALSE(committed) << "a zombie has committed";
  EXPECT_NE(committed.error().remedy, Remedy::kRetry);
  EXPECT_FALSE(late.changelog);
  commit(**later, other, "ann", 5);
  EXPECT_EQ(values(out_), (std::vector<std::string>{"ann4", "ann5"}));
  EXPECT_EQ(broker_->committed(group_, web_, shard_.value()), 5);
}

TEST_F(transactional_delivery, units_of_two_shards_that_are_ready_together_are_one_transaction) {
  TransactionalDeliveries deliveries = process();
  MemoryProfileStore stores[kShards];
  std::unique_ptr<Delivery> shards[kShards];
  for (std::int32_t n = 0; n < kShards; ++n) {
    auto opened = deliveries.open(ShardId(n), kShards, stores[n]);
    ASSERT_TRUE(opened) << to_string(opened.error());
    shards[n] = *std::move(opened);
  }
  // Both commit at once, again and again. The topic of dead letters has one partition, and each transaction
  // leaves one marker in it: fewer markers than units is what is looked for.
  constexpr int kRounds = 40;
  const auto commit_all = [&](std::int32_t n) -> Result<void> {
    for (int round = 1; round <= kRounds; ++round) {
      Batch batch{ShardId(n)};
      batch.outputs.push_back({"recommendations", "ann", std::to_string(n) + "/" + std::to_string(round), 0});
      batch.dead_letters.push_back({{TopicName(web_), n, round}, "no JSON", "ann", std::to_string(n)});
      EDDY_TRY(shards[n]->write(batch));
      UnitOfCommit done = unit_of(ShardId(n), "ann", round);
      EDDY_TRY(shards[n]->commit(done));
      if (!done.changelog) return internal_error("the store would not know how far it follows");
      EDDY_TRY(stores[n].commit(done));
    }
    return {};
  };
  auto other = std::async(std::launch::async, commit_all, 1);
  const auto mine = commit_all(0);
  const auto others = other.get();
  ASSERT_TRUE(mine) << to_string(mine.error());
  ASSERT_TRUE(others) << to_string(others.error());

  const auto outputs = broker_->read(out_);
  ASSERT_EQ(outputs.size(), 2U * kRounds);
  for (std::int32_t n = 0; n < kShards; ++n) {
    int round = 0;
    for (const auto& output : outputs) {
      if (output.partition != n) continue;
      EXPECT_EQ(output.value, std::to_string(n) + "/" + std::to_string(++round));
    }
    EXPECT_EQ(broker_->committed(group_, web_, n), kRounds);
    MemoryProfileStore restored;
    const auto again = process().open(ShardId(n), kShards, restored);
    ASSERT_TRUE(again) << to_string(again.error());
    expect_equal(stores[n], restored);
  }
  const auto letters = broker_->read(refused_);
  ASSERT_EQ(letters.size(), 2U * kRounds);
  const auto markers_before_last = letters.back().offset - static_cast<std::int64_t>(letters.size() - 1);
  EXPECT_LT(markers_before_last, 2 * kRounds - kRounds / 2) << "each shard had transactions of its own";
}

TEST_F(transactional_delivery, after_a_failed_transaction_all_its_shards_begin_again_with_a_new_producer) {
  TransactionalDeliveries deliveries = process();
  MemoryProfileStore store, other, later;
  auto one = deliveries.open(ShardId(0), kShards, store);
  ASSERT_TRUE(one) << to_string(one.error());
  auto two = deliveries.open(ShardId(1), kShards, other);
  ASSERT_TRUE(two) << to_string(two.error());
  const auto fence = process().open(ShardId(0), kShards, later);  // another process, which takes the name
  ASSERT_TRUE(fence) << to_string(fence.error());
  UnitOfCommit late = unit_of(ShardId(0), "ann", 3);
  EXPECT_FALSE((*one)->commit(late));
  UnitOfCommit too_late = unit_of(ShardId(1), "bob", 3);
  const auto refused = (*two)->commit(too_late);
  ASSERT_FALSE(refused) << "a producer that is gone has committed";
  EXPECT_EQ(refused.error().remedy, Remedy::kRewind) << "its shard is still ours";
  EXPECT_EQ(listener_.aborts, 2);
  two->reset();
  two = deliveries.open(ShardId(1), kShards, other);
  ASSERT_TRUE(two) << to_string(two.error());
  UnitOfCommit good = unit_of(ShardId(1), "bob", 3);
  const auto committed = (*two)->commit(good);
  ASSERT_TRUE(committed) << to_string(committed.error());
  EXPECT_EQ(broker_->committed(group_, web_, 1), 3);
  EXPECT_EQ(broker_->committed(group_, web_, 0), -1);
}

/// What a former owner of the shard has done in a transaction that is named after another shard, and is open.
enum class Left { kRows, kOffsets };

class open_transaction : public transactional_delivery, public testing::WithParamInterface<Left> {};

TEST_P(open_transaction, of_a_former_owner_is_waited_for) {
  auto former =
      TransactionalProducer::open({broker_->cluster(), group_ + "-0", std::chrono::milliseconds(60'000)},
                                  {[](const Error&) {}, [] { return false; }});
  ASSERT_TRUE(former) << to_string(former.error());
  ASSERT_TRUE((*former)->begin());
  const UnitOfCommit lost = unit("lost", 7);
  const auto generation = source_->membership()->metadata();
  ASSERT_TRUE(generation);
  if (GetParam() == Left::kRows) {
    auto topic = (*former)->topic(changelog_);
    ASSERT_TRUE(topic);
    ASSERT_TRUE(
        (*former)->produce(topic->get(), {.partition = shard_.value(), .key = "plost", .value = "x"}));
    ASSERT_EQ(rd_kafka_flush((*former)->client(), 10'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  } else {
    ASSERT_TRUE((*former)->send_offsets(lost.positions, generation->get()));
  }
  MemoryProfileStore store;
  auto opening = std::async(std::launch::async, [&] { return open(store); });
  while (listener_.retries == 0 &&
         opening.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) {
  }
  ASSERT_NE(opening.wait_for(std::chrono::milliseconds(0)), std::future_status::ready)
      << "it could still be committed";
  // The new owner of that name fences it.
  MemoryProfileStore other;
  const auto fence = process().open(ShardId(0), kShards, other);
  ASSERT_TRUE(fence) << to_string(fence.error());
  auto opened = opening.get();
  ASSERT_TRUE(opened) << to_string(opened.error());
  EXPECT_TRUE(rows(store).empty());
  EXPECT_EQ(broker_->committed(group_, web_, shard_.value()), -1);
  commit(**opened, store, "ann", 4);
}

INSTANTIATE_TEST_SUITE_P(left, open_transaction, testing::Values(Left::kRows, Left::kOffsets),
                         [](const auto& left) { return left.param == Left::kRows ? "rows" : "offsets"; });

TEST_F(transactional_delivery, an_empty_store_and_one_that_is_behind_become_what_was_committed) {
  MemoryProfileStore ahead, behind;
  auto delivery = open(ahead);
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  commit(**delivery, ahead, "ann", 2);
  commit(**delivery, ahead, "bob", 3);
  // Committed, and lost before it was stored.
  ASSERT_TRUE(write(**delivery, "carol4"));
  UnitOfCommit unit_in_kafka_only = unit("carol", 4);
  unit_in_kafka_only.profiles.emplace_back(UserId("ann"), "");  // forgotten
  ASSERT_TRUE((*delivery)->commit(unit_in_kafka_only));
  delivery->reset();

  const auto caught_up = open(ahead);
  ASSERT_TRUE(caught_up) << to_string(caught_up.error());
  EXPECT_GT(listener_.restored, 0U);
  const std::uint64_t tail = listener_.restored;
  const auto restored = open(behind);
  ASSERT_TRUE(restored) << to_string(restored.error());
  EXPECT_GT(listener_.restored, tail) << "the tail was as long as the whole";
  expect_equal(ahead, behind);
  const auto all = rows(ahead);
  EXPECT_FALSE(all.contains("ann"));
  EXPECT_TRUE(all.contains("bob"));
  EXPECT_TRUE(all.contains("carol"));
  EXPECT_EQ((*ahead.positions()).at({web_, shard_.value()}), 4);
}

TEST_F(transactional_delivery, a_wish_to_stop_ends_a_restore_that_can_go_on_later) {
  MemoryProfileStore store, lost;
  auto delivery = open(store);
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  commit(**delivery, store, "ann", 4);
  delivery->reset();
  wants_stop_ = true;
  const auto stopped = open(lost);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().remedy, Remedy::kRetry) << "a stop would look like a failure";
  wants_stop_ = false;
  const auto opened = open(lost);
  ASSERT_TRUE(opened) << to_string(opened.error());
  expect_equal(store, lost);
}

TEST_F(transactional_delivery, a_changelog_that_would_lose_profiles_or_does_not_fit_is_refused) {
  MemoryProfileStore store;
  const std::string good = changelog_;
  changelog_ = broker_->create_topic("aged", kShards, {{"cleanup.policy", "delete"}});
  auto refused = open(store);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kUser);
  EXPECT_THAT(refused.error().message, HasSubstr("cleanup.policy"));
  changelog_ = broker_->create_topic("narrow", kShards + 1, {{"cleanup.policy", "compact"}});
  refused = open(store);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("partitions"));
  changelog_ = TestBroker::unique_name("missing");
  refused = open(store);
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr(changelog_));
  changelog_ = good;
  EXPECT_TRUE(open(store));
}

TEST_F(transactional_delivery, a_group_whose_changelog_is_lost_is_refused) {
  MemoryProfileStore store, empty;
  auto delivery = open(store);
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  commit(**delivery, store, "ann", 4);
  delivery->reset();
  changelog_ = broker_->create_topic("anew", kShards, {{"cleanup.policy", "compact"}});
  const auto refused = open(empty);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kUser);
  EXPECT_THAT(refused.error().message, HasSubstr("changelog is empty"));
}

TEST_F(transactional_delivery, an_output_for_a_sink_that_nobody_has_is_refused) {
  MemoryProfileStore store;
  auto delivery = open(store);
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  Batch batch(shard_);
  batch.outputs.push_back({"nowhere", "ann", "x", 0});
  const auto wrote = (*delivery)->write(batch);
  ASSERT_FALSE(wrote);
  EXPECT_THAT(wrote.error().message, HasSubstr("nowhere"));
  EXPECT_EQ(listener_.aborts, 1);
}

}  // namespace
}  // namespace eddy

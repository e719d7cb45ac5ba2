#include "broken_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fakes/shard_in_memory.h"
#include "operators/decode/decode_operator.h"
#include "operators/decode/json_event_reader.h"

namespace eddy {
namespace {

using testing::HasSubstr;

bool is_utf8(const std::string& text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

TEST(BrokenEvents, a_thousand_of_each_kind_among_good_ones_are_refused_with_a_reason) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  ShardInMemory shard;
  ASSERT_TRUE(shard.append(make_operator(*make_decode_factory(), {})));
  for (int round = 0; round < 1000; ++round) {
    const std::vector<BrokenEvent> broken = broken_events(random);
    std::vector<std::string> records;
    for (const BrokenEvent& one : broken) {
      records.push_back(good_event(random));
      records.push_back(one.json);
    }
    Batch batch = shard.batch(records);
    ASSERT_TRUE(shard.run(batch));
    ASSERT_EQ(batch.items.size(), broken.size());
    ASSERT_EQ(batch.dead_letters.size(), broken.size());
    for (std::size_t i = 0; i < broken.size(); ++i) {
      const DeadLetter& letter = batch.dead_letters[i];
      ASSERT_THAT(letter.reason, HasSubstr(broken[i].reason)) << broken[i].name;
      ASSERT_TRUE(is_utf8(letter.reason)) << broken[i].name;
      ASSERT_EQ(letter.value, broken[i].json) << broken[i].name;
      ASSERT_EQ(batch.items[i].record, 2 * i);
    }
  }
}

TEST(BrokenEvents, a_key_that_is_not_the_user_is_refused) {
  ShardInMemory shard;
  ASSERT_TRUE(shard.append(make_operator(*make_decode_factory(), {})));
  Batch batch{ShardId(0)};
  for (const std::string key : {"u", "v", ""}) {
    batch.add({TopicName("t"), 0, 0}, key, true, R"({"type":"forget","user":"u","time":1})", {});
  }
  ASSERT_TRUE(shard.run(batch));
  ASSERT_EQ(batch.items.size(), 1U);
  ASSERT_EQ(batch.dead_letters.size(), 2U);
  EXPECT_EQ(batch.dead_letters[0].reason, "the record's key is not the event's user");
}

/// A few bytes changed, inserted, taken out, or copied elsewhere.
std::string mutated(std::string json, std::mt19937& random) {
  const std::string structure = "{}[]\",:\\u019.e-";
  for (unsigned changes = 1 + random() % 5; changes > 0 && !json.empty(); --changes) {
    const std::size_t at = random() % json.size();
    const char byte =
        random() % 2 == 0 ? structure[random() % structure.size()] : static_cast<char>(random());
    switch (random() % 4) {
      case 0:
        json[at] = byte;
        break;
      case 1:
        json.insert(at, 1, byte);
        break;
      case 2:
        json.erase(at, 1 + random() % 7);
        break;
      default:
        json.insert(at, json.substr(random() % json.size(), 12));
    }
  }
  return json;
}

void check_event(const Event& event) {
  RC_ASSERT(!event.user.value().empty());
  RC_ASSERT(is_utf8(event.user.value()));
  RC_ASSERT(event.time >= EventTime{0});
  RC_ASSERT(event.time <= kLatestEventTime);
  if (const auto* action = std::get_if<Action>(&event.body)) {
    RC_ASSERT(std::all_of(action->tags.begin(), action->tags.end(), is_utf8));
  }
  if (const auto* said = std::get_if<Utterance>(&event.body)) RC_ASSERT(is_utf8(said->text));
}

TEST(BrokenEvents, mutated_events_are_read_or_refused) {
  JsonEventReader reader;
  Event event;
  const bool holds = rc::check("mutated events are read or refused", [&] {
    std::mt19937 random(*rc::gen::arbitrary<unsigned>());
    for (int i = 0; i < 200; ++i) {
      std::string json = mutated(good_event(random), random);
      const std::size_t size = json.size();
      json.append(Batch::kPadding, static_cast<char>(random()));
      const auto read = reader.read(std::string_view(json).substr(0, size), event);
      if (read) {
        check_event(event);
        continue;
      }
      RC_ASSERT(read.error().remedy == Remedy::kDeadLetter);
      RC_ASSERT(!read.error().message.empty());
      RC_ASSERT(is_utf8(read.error().message));
    }
  });
  EXPECT_TRUE(holds) << "rapidcheck printed the seed above";
}

}  // namespace
}  // namespace eddy

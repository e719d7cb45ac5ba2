#include "app/demo/watched_call.h"

#include <gtest/gtest.h>

namespace eddy {
namespace {

void add_call(std::vector<Event>& events, const std::string& user, const std::string& call,
              std::uint32_t utterances) {
  for (std::uint32_t seq = 0; seq < utterances; ++seq) {
    Utterance utterance;
    utterance.call = CallId(call);
    utterance.seq = seq;
    events.push_back({EventId(call + "-" + std::to_string(seq)), UserId(user), {}, std::move(utterance)});
  }
}

void add_purchase(std::vector<Event>& events, const std::string& user, const std::string& item) {
  events.push_back({EventId("p"), UserId(user), {}, Purchase{{ItemId(item)}}});
}

TEST(ChooseCall, prefers_a_watchable_call_with_a_session_before_and_a_purchase_after_it) {
  std::vector<Event> events;
  add_call(events, "short", "c-1", 3);
  add_purchase(events, "short", "1");
  add_call(events, "unsold", "c-2", 10);
  add_call(events, "plain", "c-3", 10);
  add_purchase(events, "plain", "2");
  events.push_back({EventId("a"), UserId("best"), {}, Action{SessionId("s"), {"t"}}});
  add_call(events, "best", "c-4", 10);
  add_call(events, "long", "c-5", 40);
  add_purchase(events, "long", "3");
  add_purchase(events, "best", "4");
  const auto chosen = choose_call(events, std::nullopt);
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->call.value(), "c-4");
  EXPECT_EQ(chosen->last - chosen->first, 9U);
  EXPECT_EQ(events[chosen->first].user.value(), "best");
  EXPECT_EQ(chosen->bought, std::vector<ItemId>{ItemId("4")});
}

TEST(ChooseCall, takes_the_last_call_of_the_user_that_is_named) {
  std::vector<Event> events;
  add_call(events, "ann", "c-1", 10);
  add_call(events, "ann", "c-2", 2);
  add_call(events, "bob", "c-3", 10);
  EXPECT_EQ(choose_call(events, UserId("ann"))->call.value(), "c-2");
}

TEST(ChooseCall, says_that_there_is_none) {
  std::vector<Event> events;
  add_purchase(events, "ann", "1");
  EXPECT_EQ(choose_call(events, std::nullopt).error().fault, Fault::kUser);
  add_call(events, "bob", "c-3", 10);
  EXPECT_EQ(choose_call(events, UserId("ann")).error().message, "user 'ann' makes no call in these events");
}

}  // namespace
}  // namespace eddy

#include "app/demo/live_hits.h"

#include <gtest/gtest.h>

#include <fstream>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

Event action(const std::string& id, const std::string& user) {
  return {EventId(id), UserId(user), {}, Action{SessionId("s"), {"t"}}};
}

Event purchase(const std::string& id, const std::string& user, const std::string& item) {
  return {EventId(id), UserId(user), {}, Purchase{{ItemId(item)}}};
}

std::string sent(const std::string& user, const std::string& event, const std::string& item) {
  return R"({"user":")" + user + R"(","event":")" + event +
         R"(","time":"2026-01-01T00:00:00Z","model":"m","items":[{"item":"x","score":0.9},{"item":"y","score":0.8},{"item":")" +
         item + R"(","score":0.1},{"item":"late","score":0.05}]})" + "\n";
}

TEST(LiveHits, count_what_was_recommended_last_before_each_purchase) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "recommendations.jsonl";
  const std::vector<Event> events = {action("a1", "ann"),        action("b1", "bob"),
                                     action("a2", "ann"),        purchase("p1", "ann", "1"),
                                     action("a3", "ann"),        purchase("p2", "bob", "late"),
                                     purchase("p3", "ann", "7"), purchase("p4", "eve", "1")};
  // Ann's first recommendation is outdated at her purchase, her third comes after it; a deletion says
  // nothing.
  std::ofstream(file) << sent("ann", "a1", "9") << sent("bob", "b1", "3") << R"({"key":"eve","value":null})"
                      << "\n"
                      << sent("ann", "a2", "1") << sent("ann", "a3", "8");
  const auto hits = count_live_hits(file, events);
  ASSERT_TRUE(hits.has_value()) << to_string(hits.error());
  EXPECT_EQ(hits->purchases, 3U) << "eve was never recommended anything";
  EXPECT_EQ(hits->hits, 1U) << "a fourth item is no hit at 3";
  EXPECT_EQ(count_hits_of({ItemId("1"), ItemId("7")}, events).hits, 3U);
  EXPECT_EQ(popular_items(events).front(), ItemId("1"));
}

TEST(LiveHits, tell_of_a_file_that_is_no_output) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "recommendations.jsonl";
  EXPECT_FALSE(count_live_hits(file, {}).has_value()) << "no file";
  std::ofstream(file) << "{\"user\": 3}\n";
  EXPECT_FALSE(count_live_hits(file, {}).has_value());
}

}  // namespace
}  // namespace eddy

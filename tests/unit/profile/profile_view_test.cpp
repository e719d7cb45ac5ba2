#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/profile/profile_json.h"
#include "app/profile/profile_text.h"
#include "state/profile/fold.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

EventTime at(const char* text) {
  return parse_rfc3339(text).value();
}

void say(Facts& facts, const char* time, std::uint32_t seq, Speaker speaker, const char* text) {
  Utterance utterance;
  utterance.call = CallId("c-9");
  utterance.seq = seq;
  utterance.speaker = speaker;
  utterance.text = text;
  utterance.is_final = seq < 4;
  if (seq == 1) utterance.keywords = {"claim"};
  fold({{}, UserId("ann"), at(time), utterance}, {}, facts);
}

/// Ann looked at cars, called, bought one.
StoredProfile ann() {
  StoredProfile profile{UserId("ann"), ShardId(3), {}};
  Facts& facts = profile.facts;
  const SessionId session("s-17");
  fold({{}, UserId("ann"), at("2026-03-01T08:30:00Z"), Action{session, {"car", "quote"}}}, {}, facts);
  fold({{}, UserId("ann"), at("2026-03-01T08:42:30Z"), Action{session, {"car"}}}, {}, facts);
  fold({{}, UserId("ann"), at("2026-03-01T09:00:00Z"), CallStarted{CallId("c-9")}}, {}, facts);
  say(facts, "2026-03-01T09:00:05Z", 1, Speaker::kAgent, "how can I help");
  say(facts, "2026-03-01T09:00:15Z", 2, Speaker::kCustomer, "my car");
  say(facts, "2026-03-01T09:00:25Z", 3, Speaker::kCustomer, "it needs a cover");
  say(facts, "2026-03-01T09:00:35Z", 4, Speaker::kAgent, "of cour");
  fold({EventId("p-1"), UserId("ann"), at("2026-03-01T09:30:00Z"), Purchase{{ItemId("car")}}}, {}, facts);
  fold({{}, UserId("ann"), at("2026-02-01T00:00:00Z"), Portfolio{{ItemId("boat"), ItemId("car")}}}, {},
       facts);
  return profile;
}

Recommendation ranking() {
  auto model = std::make_shared<ScoredModel>();
  model->name = "popular@1";
  model->items = {ItemId("boat"), ItemId("caravan")};
  Recommendation made;
  made.model = model;
  made.ranked = {{1, 0.5F}, {0, 0.1F}};
  return made;
}

TEST(ProfileText, tells_what_happened_as_a_person_would_read_it) {
  EXPECT_EQ(profile_text(ann(), nullptr),
            "ann                       1 session, 1 call, 1 purchase; shard 3\n"
            "\n"
            "Sessions and calls (UTC)\n"
            "  2026-03-01 08:30:00  session s-17            12 min     2 actions: car \xC3\x97"
            "2, quote\n"
            "  2026-03-01 09:00:00  call c-9                35 s       4 utterances (customer 2, agent 2) in "
            "3 turns, "
            "12 words, 1 not final; keywords: claim; not ended\n"
            "\n"
            "Purchases\n"
            "  2026-03-01 09:30:00  car\n"
            "\n"
            "May be sold since 2026-02-01 00:00:00\n"
            "  boat, car\n");
}

TEST(ProfileText, scores_have_bars) {
  const Recommendation ranked = ranking();
  EXPECT_THAT(profile_text(ann(), &ranked), HasSubstr("\nRecommended by popular@1\n"
                                                      "  caravan  0.5000  ###############\n"
                                                      "  boat     0.1000  ###\n"));
}

TEST(ProfileText, forgotten_and_identified_are_told) {
  StoredProfile profile{UserId("visitor-1"), ShardId(0), {}};
  profile.facts.forgotten_before = at("2026-03-01T08:30:00Z");
  profile.facts.identified_as = IdentityFact{at("2026-03-02T08:30:00Z"), UserId("ann")};
  const std::string text = profile_text(profile, nullptr);
  EXPECT_THAT(text, HasSubstr("Forgotten: everything up to 2026-03-01 08:30:00"));
  EXPECT_THAT(text, HasSubstr("Signed in as ann at 2026-03-02 08:30:00"));
}

TEST(ProfileText, names_cannot_play_with_the_terminal) {
  StoredProfile profile{UserId("a\x1B[2Jb\n"), ShardId(0), {}};
  fold({{}, profile.user, at("2026-03-01T08:30:00Z"), Action{SessionId("\x07"), {"\r\x7F"}}}, {},
       profile.facts);
  const std::string text = profile_text(profile, nullptr);
  EXPECT_THAT(text, HasSubstr("a?[2Jb?"));
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(text, Not(HasSubstr("\x7F")));
}

TEST(ProfileJson, has_every_fact) {
  const Recommendation ranked = ranking();
  const auto json = nlohmann::json::parse(profile_json(ann(), &ranked));
  EXPECT_EQ(json["user"], "ann");
  EXPECT_EQ(json["shard"], 3);
  EXPECT_EQ(json["sessions"][0]["actions"].size(), 2U);
  EXPECT_EQ(json["sessions"][0]["actions"][0]["tags"], (nlohmann::json{"car", "quote"}));
  EXPECT_EQ(json["calls"][0]["utterances"].size(), 4U);
  EXPECT_EQ(json["calls"][0]["utterances"][0]["words"].size(), 4U);
  EXPECT_EQ(json["calls"][0]["utterances"][1]["speaker"], "customer");
  EXPECT_EQ(json["calls"][0]["utterances"][3]["final"], false);
  EXPECT_EQ(json["purchases"][0]["items"][0], "car");
  EXPECT_EQ(json["portfolio"]["items"].size(), 2U);
  EXPECT_EQ(json["recommendation"]["items"][0]["item"], "caravan");
  EXPECT_FALSE(json.contains("forgotten_before"));
}

}  // namespace
}  // namespace eddy

#include "operators/decode/json_event_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "event/batch.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string reason(const std::string& json, const JsonEventLimits& limits = {}) {
  auto event = read_event(json, limits);
  if (event) return "accepted";
  EXPECT_EQ(event.error().remedy, Remedy::kDeadLetter);
  EXPECT_EQ(event.error().fault, Fault::kUser);
  return event.error().message;
}

Event good(const std::string& json) {
  auto event = read_event(json);
  EXPECT_TRUE(event) << event.error().message << "\n" << json;
  return event.value_or(Event{});
}

const std::string kHead = R"("user":"u-1","time":1700000000000)";

TEST(JsonEventReader, action_with_all_its_fields) {
  const Event event = good(R"({"type":"action","id":"a-1","user":"u-7","session":"s-1",)"
                           R"("time":"2026-03-01T09:30:00.250+01:00","tags":["home","claim"]})");
  EXPECT_EQ(event.id, EventId("a-1"));
  EXPECT_EQ(event.user, UserId("u-7"));
  EXPECT_EQ(to_rfc3339(event.time), "2026-03-01T08:30:00.250Z");
  const auto& action = std::get<Action>(event.body);
  EXPECT_EQ(action.session, SessionId("s-1"));
  EXPECT_THAT(action.tags, ElementsAre("home", "claim"));
}

TEST(JsonEventReader, utterance_with_all_its_fields) {
  const Event event =
      good(R"({"type":"utterance",)" + kHead +
           R"(,"call":"c-1","seq":4294967295,"speaker":"agent","text":"good day, æ","final":true,)"
           R"("keywords":["car"],"embedding":[0.5,-1,2e3],"encoder":"bert"})");
  const auto& said = std::get<Utterance>(event.body);
  EXPECT_EQ(said.call, CallId("c-1"));
  EXPECT_EQ(said.seq, 4294967295U);
  EXPECT_EQ(said.speaker, Speaker::kAgent);
  EXPECT_TRUE(said.is_final);
  EXPECT_EQ(said.text, "good day, æ");
  EXPECT_THAT(said.keywords, ElementsAre("car"));
  EXPECT_THAT(said.embedding, ElementsAre(0.5F, -1.0F, 2000.0F));
  EXPECT_EQ(said.encoder, "bert");
}

TEST(JsonEventReader, every_other_type) {
  EXPECT_EQ(std::get<CallStarted>(good(R"({"type":"call_started","call":"c",)" + kHead + "}").body).call,
            CallId("c"));
  EXPECT_EQ(std::get<CallEnded>(good(R"({"type":"call_ended","call":"c",)" + kHead + "}").body).call,
            CallId("c"));
  EXPECT_THAT(std::get<Purchase>(good(R"({"type":"purchase","items":["a","b"],)" + kHead + "}").body).items,
              ElementsAre(ItemId("a"), ItemId("b")));
  EXPECT_THAT(std::get<Portfolio>(good(R"({"type":"portfolio","items":[],)" + kHead + "}").body).items,
              IsEmpty());
  EXPECT_EQ(std::get<Identify>(good(R"({"type":"identify","visitor":"v",)" + kHead + "}").body).visitor,
            UserId("v"));
  EXPECT_TRUE(std::holds_alternative<Forget>(good(R"({"type":"forget",)" + kHead + "}").body));
}

TEST(JsonEventReader, unknown_fields_and_nulls_are_as_if_absent) {
  const Event event =
      good(R"({"x":{"type":[1,{"deep":null}]},"type":"action","session":null,"id":null,"tags":[],)"
           R"("text":17,)" +
           kHead + "}");
  EXPECT_TRUE(event.id.value().empty());
  EXPECT_TRUE(std::get<Action>(event.body).session.value().empty());
}

TEST(JsonEventReader, nothing_of_the_event_before_is_left) {
  JsonEventReader reader;
  Event event;
  const auto read = [&](std::string json) {
    const std::size_t size = json.size();
    json.append(Batch::kPadding, '\0');
    const auto result = reader.read(std::string_view(json).substr(0, size), event);
    ASSERT_TRUE(result) << result.error().message;
  };
  read(
      R"({"type":"utterance","id":"x","call":"c","seq":1,"speaker":"agent","text":"a","final":true,"keywords":["k"],)"
      R"("embedding":[1],"encoder":"e",)" +
      kHead + "}");
  read(R"({"type":"utterance","call":"d","seq":2,"speaker":"customer","text":"",)" + kHead + "}");
  const auto& said = std::get<Utterance>(event.body);
  EXPECT_TRUE(event.id.value().empty());
  EXPECT_THAT(said.keywords, IsEmpty());
  EXPECT_THAT(said.embedding, IsEmpty());
  EXPECT_TRUE(said.encoder.empty());
  EXPECT_TRUE(said.is_final);
  read(R"({"type":"action","tags":["a","b","c"],)" + kHead + "}");
  read(R"({"type":"action","tags":["z"],)" + kHead + "}");
  EXPECT_THAT(std::get<Action>(event.body).tags, ElementsAre("z"));
}

TEST(JsonEventReader, missing_fields_are_named) {
  EXPECT_EQ(reason("{}"), "field 'user': is missing");
  EXPECT_EQ(reason(R"({"user":"u"})"), "field 'time': is missing");
  EXPECT_EQ(reason("{" + kHead + "}"), "field 'type': is missing");
  EXPECT_EQ(reason(R"({"type":"action",)" + kHead + "}"), "field 'tags': is missing");
  EXPECT_EQ(reason(R"({"type":"purchase",)" + kHead + "}"), "field 'items': is missing");
  EXPECT_EQ(reason(R"({"type":"purchase","items":[],)" + kHead + "}"), "field 'items': is empty");
  EXPECT_EQ(reason(R"({"type":"identify",)" + kHead + "}"), "field 'visitor': is missing");
  EXPECT_EQ(reason(R"({"type":"call_ended",)" + kHead + "}"), "field 'call': is missing");
  EXPECT_EQ(reason(R"({"type":"utterance","call":"c","seq":1,"speaker":"agent",)" + kHead + "}"),
            "field 'text': is missing");
  EXPECT_EQ(reason(R"({"type":"utterance","call":"c","speaker":"agent","text":"",)" + kHead + "}"),
            "field 'seq': is missing");
}

TEST(JsonEventReader, wrong_types_are_named) {
  EXPECT_EQ(reason("[1]"), "the value must be an object, but is an array");
  EXPECT_EQ(reason(R"({"user":7,"time":1})"), "field 'user': must be a string, but is a whole number");
  EXPECT_THAT(reason(R"({"user":"u","time":1.5})"), HasSubstr("but is a number with a fraction"));
  EXPECT_THAT(reason(R"({"type":"action","tags":"home",)" + kHead + "}"),
              HasSubstr("'tags': must be an array of str"));
  EXPECT_THAT(reason(R"({"type":"action","tags":["a",1],)" + kHead + "}"),
              HasSubstr("but is a whole number"));
  EXPECT_EQ(reason(R"({"type":"landing",)" + kHead + "}"), "field 'type': no type that is known: 'landing'");
  EXPECT_THAT(
      reason(R"({"type":"utterance","call":"c","seq":1.0,"speaker":"agent","text":"",)" + kHead + "}"),
      HasSubstr("'seq': must be a whole number"));
  EXPECT_THAT(reason(R"({"type":"utterance","call":"c","seq":1,"speaker":"Agent","text":"",)" + kHead + "}"),
              HasSubstr("'speaker': must be customer or agent, but is 'Agent'"));
  EXPECT_THAT(reason(R"({"type":"utterance","call":"c","seq":1,"speaker":"agent","text":"","final":1,)" +
                     kHead + "}"),
              HasSubstr("'final': must be true or false"));
}

TEST(JsonEventReader, numbers_out_of_range_are_refused) {
  const std::string said = R"({"type":"utterance","call":"c","speaker":"agent","text":"",)" + kHead;
  EXPECT_THAT(reason(said + R"(,"seq":4294967296})"), HasSubstr("'seq': is out of range"));
  EXPECT_THAT(reason(said + R"(,"seq":-1})"), HasSubstr("'seq': is out of range"));
  EXPECT_THAT(reason(said + R"(,"seq":18446744073709551615})"), HasSubstr("'seq': is out of range"));
  EXPECT_THAT(reason(said + R"(,"seq":1,"embedding":[1e39]})"),
              HasSubstr("'embedding': has a number that no float"));
  EXPECT_THAT(reason(said + R"(,"seq":1,"ignored":1e999})"),
              HasSubstr("number is malformed or out of range"));
  EXPECT_THAT(reason(said + R"(,"seq":1,"ignored":123456789012345678901234567890})"),
              HasSubstr("out of range"));
  EXPECT_THAT(reason(said + R"(,"seq":1,"final":false,"embedding":[1]})"),
              HasSubstr("final utterances only"));
  EXPECT_THAT(reason(R"({"user":"u","time":-1})"), HasSubstr("'time': is out of range"));
  EXPECT_THAT(reason(R"({"user":"u","time":253402300800000})"), HasSubstr("'time': is out of range"));
  EXPECT_THAT(reason(R"({"user":"u","time":18446744073709551615})"), HasSubstr("'time': is out of range"));
  EXPECT_THAT(reason(R"({"user":"u","time":"2026-02-30T00:00:00Z"})"), HasSubstr("'time': is not RFC 3339"));
  EXPECT_THAT(reason(R"({"user":"u","time":"2026-02-03T00:00:00"})"), HasSubstr("'time': is not RFC 3339"));
}

TEST(JsonEventReader, duplicate_keys_are_refused) {
  EXPECT_EQ(reason(R"({"user":"v",)" + kHead + "}"), "field 'user': is there twice");
  EXPECT_EQ(reason(R"({"tags":null,"type":"action","tags":[],)" + kHead + "}"),
            "field 'tags': is there twice");
  EXPECT_EQ(reason(R"({"us\u0065r":"v",)" + kHead + "}"), "field 'user': is there twice");
}

TEST(JsonEventReader, broken_json_is_refused) {
  EXPECT_EQ(reason(""), "the value is empty");
  EXPECT_EQ(reason(" \n"), "the value is empty");
  EXPECT_THAT(reason(R"({"type":"forget",)" + kHead), HasSubstr("not valid JSON"));
  EXPECT_THAT(reason(R"({"type":"forget",)" + kHead + "}}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(reason(R"({"type":"forget",)" + kHead + "} {}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(reason(R"({"type":"forget,)"), HasSubstr("not valid JSON"));
  EXPECT_THAT(reason(R"({"type":"forget","x":01,)" + kHead + "}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(reason(R"({"type":"forget","x":NaN,)" + kHead + "}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(reason(std::string("{\"x\":\"\0\"}", 9)), HasSubstr("control character"));
}

TEST(JsonEventReader, broken_utf8_is_refused_also_in_ignored_parts) {
  const std::string tail = R"(,"type":"forget",)" + kHead + "}";
  for (const std::string bytes : {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(reason(R"({"x":")" + bytes + "\"" + tail), "the value is not valid UTF-8");
    EXPECT_EQ(reason(R"({"x)" + bytes + R"(":1)" + tail), "the value is not valid UTF-8");
  }
  for (const std::string escape :
       {R"(\ud800)", R"(\uDC00)", R"(\ud800\ud800)", R"(\ud83dx)", R"(\\\ud800)"}) {
    EXPECT_NE(reason(R"({"x":")" + escape + "\"" + tail), "accepted") << escape;
    EXPECT_NE(reason(R"({"x)" + escape + R"(":1)" + tail), "accepted") << escape;
  }
  for (const std::string escape : {R"(\ud83d\ude00)", R"(\\ud800)", R"(\u00e6)", R"(\n\"\\)"}) {
    EXPECT_EQ(reason(R"({"x":")" + escape + "\"" + tail), "accepted") << escape;
  }
}

TEST(JsonEventReader, nesting_of_two_megabytes_is_refused) {
  for (const std::string open : {"[", "{\"a\":"}) {
    std::string json = R"({"type":"forget",)" + kHead + R"(,"x":)";
    while (json.size() < 2'000'000) json += open;
    EXPECT_THAT(reason(json), HasSubstr("not valid JSON"));
    EXPECT_EQ(reason(json + "}"), "the value is nested deeper than 64 levels");
  }
  std::string closed = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  EXPECT_EQ(reason(closed), "the value is nested deeper than 64 levels");
}

TEST(JsonEventReader, limits_are_kept) {
  JsonEventLimits limits;
  limits.max_record_bytes = 1000;
  EXPECT_THAT(reason(std::string(1001, ' '), limits), HasSubstr("1001 bytes, more than 1000"));
  EXPECT_EQ(reason(R"({"time":1,"type":"forget","user":")" + std::string(256, 'u') + "\"}"), "accepted");
  EXPECT_EQ(reason(R"({"time":1,"type":"forget","user":")" + std::string(257, 'u') + "\"}"),
            "field 'user': has 257 bytes, more than 256");
  const auto action = [](std::size_t count, std::size_t size) {
    std::string tags;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) tags += ',';
      tags.append("\"").append(size, 't').append("\"");
    }
    return R"({"type":"action",)" + kHead + R"(,"tags":[)" + tags + "]}";
  };
  EXPECT_EQ(reason(action(256, 256)), "accepted");
  EXPECT_THAT(reason(action(257, 1)), HasSubstr("'tags': has more than 256 entries"));
  EXPECT_THAT(reason(action(1, 257)), HasSubstr("'tags': has 257 bytes"));
  EXPECT_THAT(reason(action(1, 0)), HasSubstr("'tags': has an empty string"));
  const auto said = [](std::size_t size) {
    return R"({"type":"utterance","call":"c","seq":1,"speaker":"agent",)" + kHead + R"(,"text":")" +
           std::string(size, 'x') + "\"}";
  };
  EXPECT_EQ(reason(said(65536)), "accepted");
  EXPECT_THAT(reason(said(65537)), HasSubstr("'text': has 65537 bytes"));
  limits = {};
  limits.max_embedding = 2;
  EXPECT_THAT(
      reason(R"({"type":"utterance","call":"c","seq":1,"speaker":"agent","text":"","embedding":[1,2,3],)" +
                 kHead + "}",
             limits),
      HasSubstr("'embedding': has more than 2 numbers"));
}

}  // namespace
}  // namespace eddy

#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace eddy {

/// Valid events of all types, with what is in them drawn from `random`.
inline std::string good_event(std::mt19937& random) {
  const auto number = [&](unsigned most) { return std::to_string(random() % most); };
  std::string json =
      R"({"user":"u-)" + number(50) + R"(","time":)" + std::to_string(1'700'000'000'000 + random() % 100'000);
  switch (random() % 8) {
    case 0:
      return json + R"(,"type":"utterance","call":"c","seq":)" + number(100) +
             R"(,"speaker":"agent","text":"good \"day\" æ \u20ac","keywords":["k)" + number(9) + "\"]}";
    case 1:
      return json + R"(,"type":"call_started","call":"c"})";
    case 2:
      return json + R"(,"type":"call_ended","call":"c","extra":[1,{"a":null}]})";
    case 3:
      return json + R"(,"type":"purchase","items":["i)" + number(24) + "\"]}";
    case 4:
      return json + R"(,"type":"portfolio","items":[]})";
    case 5:
      return json + R"(,"type":"identify","visitor":"v-)" + number(50) + "\"}";
    default:
      return json + R"(,"id":"a-)" + number(1000) + R"(","type":"action","session":"s","tags":["t)" +
             number(512) + R"(","t)" + number(512) + "\"]}";
  }
}

/// A kind of broken record: its name, the record, and a word of the reason it must be refused with.
struct BrokenEvent {
  std::string name, json, reason;
};

/// One record of each kind.
inline std::vector<BrokenEvent> broken_events(std::mt19937& random) {
  const std::string user = R"("user":"u-)" + std::to_string(random() % 50) + "\"";
  const std::string head = user + R"(,"time":)" + std::to_string(1'700'000'000'000 + random() % 100'000);
  const std::string action = R"(,"type":"action","tags":["t"])";
  const std::string said = R"(,"type":"utterance","call":"c","speaker":"agent","text":"x")";
  const std::string good = good_event(random);
  const std::string bytes[] = {"\x80", "\xC3(", "\xED\xA0\x80", "\xF8", "\xFF", "\xE2\x82"};
  const std::string nested(1000 + random() % 1000, '[');
  return {
      {"empty value", "", "empty"},
      {"cut off", good.substr(0, 1 + random() % (good.size() - 1)), "not valid JSON"},
      {"trailing garbage", good + "}" + std::to_string(random()), "not valid JSON"},
      {"two objects", good + good, "not valid JSON"},
      {"not JSON", "user=u-1&time=" + std::to_string(random()), "not valid JSON"},
      {"no object", "[" + good + "]", "must be an object"},
      {"broken UTF-8", "{" + head + R"(,"type":"action","tags":["t)" + bytes[random() % 6] + "\"]}", "UTF-8"},
      {"broken UTF-8, ignored", "{" + head + action + R"(,"x":")" + bytes[random() % 6] + "\"}", "UTF-8"},
      {"lone surrogate", "{" + head + action + R"(,"x":"\udc00"})", "not valid"},
      {"unknown type", "{" + head + R"(,"type":"click)" + std::to_string(random()) + "\"}", "'type'"},
      {"no type", "{" + head + "}", "'type'"},
      {"no user", R"({"time":1)" + action + "}", "'user'"},
      {"user is a number", R"({"user":7,"time":1)" + action + "}", "'user'"},
      {"user too long", R"({"user":")" + std::string(257, 'u') + R"(","time":1)" + action + "}", "'user'"},
      {"no time", "{" + user + action + "}", "'time'"},
      {"impossible date", "{" + user + R"(,"time":"2026-02-30T00:00:00Z")" + action + "}", "'time'"},
      {"no time zone", "{" + user + R"(,"time":"2026-02-03T00:00:00")" + action + "}", "'time'"},
      {"negative time", "{" + user + ",\"time\":-" + std::to_string(1 + random()) + action + "}", "'time'"},
      {"time after year 9999", "{" + user + R"(,"time":253402300800000)" + action + "}", "'time'"},
      {"time with fraction", "{" + user + R"(,"time":1700000000000.5)" + action + "}", "'time'"},
      {"tags are no array", "{" + head + R"(,"type":"action","tags":"t"})", "'tags'"},
      {"a tag is a number", "{" + head + R"(,"type":"action","tags":["t",1]})", "'tags'"},
      {"an empty tag", "{" + head + R"(,"type":"action","tags":[""]})", "'tags'"},
      {"no tags", "{" + head + R"(,"type":"action"})", "'tags'"},
      {"seq out of range", "{" + head + said + R"(,"seq":4294967296})", "'seq'"},
      {"seq negative", "{" + head + said + R"(,"seq":-1})", "'seq'"},
      {"number too large", "{" + head + action + R"(,"x":1e400})", "number"},
      {"embedding out of range", "{" + head + said + R"(,"seq":1,"embedding":[1e39]})", "'embedding'"},
      {"embedding of a partial", "{" + head + said + R"(,"seq":1,"final":false,"embedding":[1]})",
       "'embedding'"},
      {"unknown speaker", "{" + head + R"(,"type":"utterance","call":"c","seq":1,"text":"","speaker":"bot"})",
       "'speaker'"},
      {"text too long",
       "{" + head + R"(,"type":"utterance","call":"c","seq":1,"speaker":"agent","text":")" +
           std::string(65537, 'x') + "\"}",
       "'text'"},
      {"no items", "{" + head + R"(,"type":"purchase","items":[]})", "'items'"},
      {"key twice", "{" + head + "," + user + action + "}", "'user'"},
      {"nested", "{" + head + action + R"(,"x":)" + nested + "}", "nested"},
      {"control character", "{" + head + action + ",\"x\":\"\x01\"}", "control character"},
  };
}

}  // namespace eddy

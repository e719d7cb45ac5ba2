#include "simulate/broken_records.h"

#include <array>

namespace eddy {

namespace {

struct BrokenKind {
  std::string_view name;
  InputChannel channel;
  /// "$" stands for a user, "%" for a number; see make_broken_record for the names in braces.
  std::string_view pattern;
};

constexpr std::size_t kNestingLevels = 100'000;

constexpr InputChannel kWeb = InputChannel::kWeb;
constexpr InputChannel kCalls = InputChannel::kCalls;
constexpr InputChannel kPurchases = InputChannel::kPurchases;

constexpr std::array<BrokenKind, 32> kKinds = {{
    {"cut off", kWeb, R"({"type":"action","id":"x-%","user":"$","time":17675712000)"},
    {"no JSON", kWeb, R"(GET /index.html?visit=% HTTP/1.1)"},
    {"an array", kWeb, R"([%, "$"])"},
    {"an empty object", kPurchases, R"({})"},
    {"two objects", kWeb, R"({"type":"forget","user":"$","time":%}{"type":"forget","user":"$","time":%})"},
    {"an unknown type", kWeb, R"({"type":"teleport","id":"x-%","user":"$","time":1767571200000})"},
    {"no type", kWeb, R"({"id":"x-%","user":"$","time":1767571200000,"tags":["a"]})"},
    {"no user", kWeb, R"({"type":"action","id":"x-%","session":"s","time":1767571200000,"tags":["a"]})"},
    {"an empty user", kWeb, R"({"type":"action","id":"x-%","user":"","time":1767571200000,"tags":["a"]})"},
    {"a user that is a number", kWeb, R"({"type":"action","user":%,"time":1767571200000,"tags":["a"]})"},
    {"no time", kWeb, R"({"type":"action","id":"x-%","user":"$","session":"s","tags":["a"]})"},
    {"no tags", kWeb, R"({"type":"action","id":"x-%","user":"$","session":"s","time":1767571200000})"},
    {"tags that are a string", kWeb,
     R"({"type":"action","id":"x-%","user":"$","time":1767571200000,"tags":"a"})"},
    {"no call", kCalls,
     R"({"type":"utterance","id":"x-%","user":"$","time":1767571200000,"seq":1,"speaker":"agent","text":"a"})"},
    {"no sequence number", kCalls,
     R"({"type":"utterance","id":"x-%","user":"$","time":1767571200000,"call":"c","speaker":"agent","text":"a"})"},
    {"no text", kCalls,
     R"({"type":"utterance","id":"x-%","user":"$","time":1767571200000,"call":"c","seq":1,"speaker":"agent"})"},
    {"no items", kPurchases, R"({"type":"purchase","id":"x-%","user":"$","time":1767571200000})"},
    {"items that are numbers", kPurchases,
     R"({"type":"purchase","user":"$","time":1767571200000,"items":[%]})"},
    {"a negative sequence number", kCalls,
     R"({"type":"utterance","user":"$","time":1767571200000,"call":"c","seq":-%,"speaker":"agent","text":"a"})"},
    {"a sequence number that is too large", kCalls,
     R"({"type":"utterance","user":"$","time":1767571200000,"call":"c","seq":9999%,"speaker":"agent","text":"a"})"},
    {"a sequence number with a fraction", kCalls,
     R"({"type":"utterance","user":"$","time":1767571200000,"call":"c","seq":%.5,"speaker":"agent","text":"a"})"},
    {"an unknown speaker", kCalls,
     R"({"type":"utterance","user":"$","time":1767571200000,"call":"c","seq":%,"speaker":"cat","text":"a"})"},
    {"a negative time", kWeb, R"({"type":"action","user":"$","time":-%,"tags":["a"]})"},
    {"a time after the year 9999", kWeb, R"({"type":"action","user":"$","time":9999999%,"tags":["a"]})"},
    {"an impossible date", kWeb,
     R"({"type":"action","id":"x-%","user":"$","time":"2026-02-30T12:00:00Z","tags":["a"]})"},
    {"a time without a zone", kWeb,
     R"({"type":"action","id":"x-%","user":"$","time":"2026-02-20T12:00:00","tags":["a"]})"},
    {"a number out of range", kCalls,
     R"({"type":"call_ended","id":"x-%","user":"$","time":1767571200000,"call":"c","cost":1e%})"},
    {"broken UTF-8", kWeb,
     "{\"type\":\"action\",\"id\":\"x-%\",\"user\":\"$\",\"time\":1767571200000,\"tags\":[\"\xC3\x28\"]}"},
    {"half of a surrogate pair", kWeb,
     R"({"type":"action","user":"$","time":1767571200000,"tags":["\ud83d%"]})"},
    {"a control character", kWeb,
     "{\"type\":\"action\",\"id\":\"x-%\",\"user\":\"$\",\"time\":1767571200000,\"tags\":[\"\x01\"]}"},
    {"deep nesting", kWeb,
     R"({"type":"action","id":"x-%","user":"$","time":1767571200000,"tags":{nesting}})"},
    {"a key that is not the user", kWeb,
     R"({"type":"action","id":"x-%","user":"$-other","time":1767571200000,"tags":["a"]})"},
}};

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

}  // namespace

std::size_t broken_kinds() {
  return kKinds.size();
}

std::string_view broken_kind_name(std::size_t kind) {
  return kKinds[kind].name;
}

BrokenRecord make_broken_record(std::size_t kind, Random& random) {
  const BrokenKind& what = kKinds[kind];
  BrokenRecord broken;
  broken.channel = what.channel;
  broken.key = "broken-" + std::to_string(random.below(1000));
  broken.record = what.pattern;
  // Nine digits, so that what is too large with others before it always is.
  replace_all(broken.record, "%", std::to_string(100'000'000 + random.below(900'000'000)));
  replace_all(broken.record, "$", broken.key);
  replace_all(broken.record, "{nesting}",
              std::string(kNestingLevels, '[') + std::string(kNestingLevels, ']'));
  return broken;
}

}  // namespace eddy

#include "operators/option_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Map = std::map<std::string, ParamNode>;
using List = std::vector<ParamNode>;

ParamNode scalar(std::string text, int line = 1) {
  return {std::move(text), "eddy.yaml:" + std::to_string(line), std::nullopt};
}
ParamNode node(Map map) {
  return {std::move(map), "eddy.yaml:1", std::nullopt};
}
ParamNode list(List elements) {
  return {std::move(elements), "eddy.yaml:1", std::nullopt};
}

/// One target of each kind.
struct Targets {
  bool flag = false;
  std::int32_t shards = 4;
  std::int64_t count = 10;
  std::size_t events = 1024;
  double step = 0.5;
  std::string text = "before";
  std::string mode = "slow";
  ByteSize size{64ULL << 20U};
  std::size_t plain_bytes = 1024;
  milliseconds wait{5};
  std::vector<std::string> names;
  std::map<std::string, std::string> pairs;

  OptionSet options() {
    OptionSet options("thing");
    options.add("flag", &flag, "A flag.")
        .add("shards", &shards, 1, 16, "Shards.")
        .add("count", &count, -5, 100, "A count.")
        .add("events", &events, 1, 65536, "Events.")
        .add("step", &step, 0.0, 1.0, "A step.")
        .add("text", &text, "A text.")
        .add("mode", &mode, {"slow", "fast"}, "A mode.")
        .add("size", &size, ByteSize{1024}, ByteSize{1ULL << 40U}, "A size.")
        .add_bytes("plain_bytes", &plain_bytes, ByteSize{16}, ByteSize{1ULL << 20U}, "A plain size.")
        .add("wait", &wait, milliseconds(1), milliseconds(60'000), "A wait.")
        .add("names", &names, "Names.")
        .add("pairs", &pairs, "Pairs.");
    return options;
  }
};

std::vector<std::string> mistakes_of(const ParamNode& params) {
  Targets targets;
  std::vector<Error> mistakes;
  targets.options().read(params, mistakes);
  std::vector<std::string> texts;
  for (const Error& mistake : mistakes) {
    EXPECT_EQ(mistake.fault, Fault::kUser);
    texts.push_back(to_string(mistake));
  }
  return texts;
}

TEST(OptionSet, sets_every_kind_of_target) {
  Targets targets;
  std::vector<Error> mistakes;
  targets.options().read(node({{"flag", scalar("true")},
                               {"shards", scalar("8")},
                               {"count", scalar("-3")},
                               {"events", scalar("+7")},
                               {"step", scalar("0.25")},
                               {"text", scalar("")},
                               {"mode", scalar("fast")},
                               {"size", scalar("1GiB")},
                               {"plain_bytes", scalar("2KiB")},
                               {"wait", scalar("1min")},
                               {"names", list({scalar("a"), scalar("b")})},
                               {"pairs", node({{"k", scalar("v")}})}}),
                         mistakes);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_TRUE(targets.flag);
  EXPECT_EQ(targets.shards, 8);
  EXPECT_EQ(targets.count, -3);
  EXPECT_EQ(targets.events, 7U);
  EXPECT_EQ(targets.step, 0.25);
  EXPECT_EQ(targets.text, "");
  EXPECT_EQ(targets.mode, "fast");
  EXPECT_EQ(targets.size.bytes, 1ULL << 30U);
  EXPECT_EQ(targets.plain_bytes, 2048U);
  EXPECT_EQ(targets.wait, milliseconds(60'000));
  EXPECT_THAT(targets.names, ElementsAre("a", "b"));
  EXPECT_THAT(targets.pairs, ElementsAre(std::pair("k", "v")));
}

TEST(OptionSet, a_null_node_leaves_the_defaults) {
  Targets targets;
  std::vector<Error> mistakes;
  targets.options().read(ParamNode{}, mistakes);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(targets.text, "before");
  EXPECT_EQ(targets.count, 10);
}

TEST(OptionSet, one_text_is_a_list_of_one) {
  Targets targets;
  std::vector<Error> mistakes;
  targets.options().read(node({{"names", scalar("a")}}), mistakes);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(targets.names, ElementsAre("a"));
}

TEST(OptionSet, tells_all_mistakes_with_their_places) {
  EXPECT_THAT(mistakes_of(node({{"flag", scalar("maybe", 2)},
                                {"count", scalar("101", 3)},
                                {"step", scalar("nan", 4)},
                                {"mode", scalar("fats", 5)},
                                {"size", scalar("1MB", 6)},
                                {"wait", scalar("5", 7)},
                                {"names", node({})},
                                {"pairs", list({})},
                                {"modes", scalar("fast", 9)},
                                {"events", scalar("0", 10)},
                                {"plain_bytes", scalar("2MiB", 11)}})),
              UnorderedElementsAre(
                  "eddy.yaml:2: thing: 'flag' must be true or false, not 'maybe'",
                  "eddy.yaml:3: thing: 'count' must be -5 to 100, not '101'",
                  "eddy.yaml:4: thing: 'step' must be a number, not 'nan'",
                  "eddy.yaml:5: thing: 'mode' must be one of slow, fast, not 'fats'; did you mean 'fast'?",
                  "eddy.yaml:6: thing: 'size' must be a size such as 64MiB, not '1MB'",
                  "eddy.yaml:7: thing: 'wait' must be a duration such as 100ms, 5s, 30min, 1h or 7d, not '5'",
                  "eddy.yaml:1: thing: 'names' must be a list of texts, not a map",
                  "eddy.yaml:1: thing: 'pairs' must be a map of texts, not a list",
                  "eddy.yaml:9: thing: unknown setting 'modes'; did you mean 'mode'?",
                  "eddy.yaml:10: thing: 'events' must be 1 to 65536, not '0'",
                  "eddy.yaml:11: thing: 'plain_bytes' must be 16B to 1MiB, not '2MiB'"));
}

TEST(OptionSet, numbers_are_whole_texts) {
  for (const char* text : {"1x", "", " 1", "1.5", "0x10", "+-1", "99999999999999999999"}) {
    EXPECT_THAT(mistakes_of(node({{"count", scalar(text)}})),
                ElementsAre(HasSubstr("'count' must be an integer, not '" + std::string(text) + "'")));
  }
  EXPECT_THAT(mistakes_of(node({{"events", scalar("-1")}})), ElementsAre(HasSubstr("must be an integer")));
}

TEST(OptionSet, a_setting_without_a_value_is_a_mistake) {
  EXPECT_THAT(mistakes_of(node({{"count", ParamNode{{}, "eddy.yaml:3", std::nullopt}}})),
              ElementsAre("eddy.yaml:3: thing: 'count' has no value; leave the line out for the default"));
}

TEST(OptionSet, settings_that_are_no_map_are_one_mistake) {
  EXPECT_THAT(mistakes_of(list({})), ElementsAre(HasSubstr("wants settings as 'name: value', not a list")));
}

TEST(OptionSet, a_secret_is_shown_as_it_was_written) {
  ParamNode secret = scalar("hunter2");
  secret.written = "${PASSWORD}";
  for (const char* name : {"count", "mode", "size", "wait", "flag"}) {
    const auto mistakes = mistakes_of(node({{name, secret}}));
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_THAT(mistakes[0], HasSubstr("not '${PASSWORD}'"));
    EXPECT_THAT(mistakes[0], Not(HasSubstr("hunter2")));
  }
}

TEST(OptionSet, required_and_nested_settings) {
  std::string bundle;
  OptionSet options("refresh");
  options.add("bundle", &bundle, "Where the model is.")
      .required()
      .add_nested("rules", "list", "[]", "Rules.");
  std::vector<Error> mistakes;
  options.read(ParamNode{{}, "eddy.yaml:4", std::nullopt}, mistakes);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(to_string(mistakes[0]), "eddy.yaml:4: refresh: 'bundle' must be given (Where the model is.)");

  mistakes.clear();
  options.read(node({{"bundle", scalar("b")}, {"rules", list({scalar("x")})}}), mistakes);
  EXPECT_THAT(mistakes, IsEmpty()) << "a nested setting is its caller's to read";
  EXPECT_EQ(bundle, "b");
}

TEST(OptionSet, entries_document_what_is_read) {
  Targets targets;
  const std::vector<OptionSet::Entry> entries = targets.options().entries();
  std::map<std::string, std::string> lines;
  for (const OptionSet::Entry& entry : entries) {
    lines[entry.name] = entry.type + "|" + entry.default_value + "|" + entry.bounds;
  }
  EXPECT_EQ(entries.front().name, "flag") << "in the order of declaration";
  EXPECT_EQ(lines["flag"], "true or false|false|");
  EXPECT_EQ(lines["count"], "integer|10|-5 to 100");
  EXPECT_EQ(lines["step"], "number|0.5|0 to 1");
  EXPECT_EQ(lines["text"], "text|before|");
  EXPECT_EQ(lines["mode"], "text|slow|one of slow, fast");
  EXPECT_EQ(lines["size"], "size|64MiB|1KiB to 1TiB");
  EXPECT_EQ(lines["plain_bytes"], "size|1KiB|16B to 1MiB");
  EXPECT_EQ(lines["wait"], "duration|5ms|1ms to 1min");
  EXPECT_EQ(lines["names"], "list of texts|[]|");
  EXPECT_EQ(lines["pairs"], "map of texts|{}|");
}

}  // namespace
}  // namespace eddy

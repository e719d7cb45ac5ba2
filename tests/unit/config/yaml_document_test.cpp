#include "config/yaml_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ParamNode parsed(std::string_view text) {
  std::vector<Error> mistakes;
  auto document = parse_yaml(text, "eddy.yaml", mistakes);
  EXPECT_TRUE(document) << to_string(document.error());
  EXPECT_THAT(mistakes, IsEmpty());
  return document ? *std::move(document) : ParamNode{};
}

std::string error_of(std::string_view text) {
  std::vector<Error> mistakes;
  const auto document = parse_yaml(text, "eddy.yaml", mistakes);
  return document ? "none" : to_string(document.error());
}

std::vector<std::string> mistakes_in(std::string_view text) {
  std::vector<Error> mistakes;
  const auto document = parse_yaml(text, "eddy.yaml", mistakes);
  EXPECT_TRUE(document);
  std::vector<std::string> texts;
  for (const Error& mistake : mistakes) texts.push_back(to_string(mistake));
  return texts;
}

TEST(YamlDocument, every_value_knows_the_line_of_its_key) {
  const ParamNode root = parsed("a: 1\nb:\n  c:\n    - x\n    - y\n");
  EXPECT_EQ(root.find("a")->where, "eddy.yaml:1");
  EXPECT_EQ(*root.find("a")->scalar(), "1");
  EXPECT_EQ(root.find("b")->where, "eddy.yaml:2");
  const ParamNode& list = *root.find("b")->find("c");
  EXPECT_EQ(list.where, "eddy.yaml:3");
  ASSERT_EQ(list.list()->size(), 2U);
  EXPECT_EQ((*list.list())[1].where, "eddy.yaml:5");
}

TEST(YamlDocument, nothing_differs_from_an_empty_text) {
  const ParamNode root = parsed("a:\nb: ~\nc: \"\"\n");
  EXPECT_TRUE(root.find("a")->is_null());
  EXPECT_TRUE(root.find("b")->is_null());
  EXPECT_EQ(*root.find("c")->scalar(), "");
  EXPECT_TRUE(parsed("").is_null());
  EXPECT_TRUE(parsed("# only a comment\n").is_null());
}

TEST(YamlDocument, duplicate_keys_are_mistakes_at_the_second) {
  EXPECT_THAT(mistakes_in("a: 1\nb:\n  c: 1\n  c: 2\na: 2\n"),
              ElementsAre("eddy.yaml:4: 'c' is set twice; first at eddy.yaml:3",
                          "eddy.yaml:5: 'a' is set twice; first at eddy.yaml:1"));
}

TEST(YamlDocument, keys_are_plain_texts) {
  EXPECT_THAT(mistakes_in("? [a, b]\n: 1\nc: 2\n"), ElementsAre(HasSubstr("eddy.yaml:1: a key must be")));
}

TEST(YamlDocument, anchors_and_merge_keys_are_resolved) {
  const ParamNode root = parsed(
      "base: &base {a: 1, b: 2}\n"
      "plain: *base\n"
      "over:\n"
      "  <<: *base\n"
      "  b: 3\n");
  EXPECT_EQ(*root.find("plain")->find("b")->scalar(), "2");
  EXPECT_EQ(*root.find("over")->find("a")->scalar(), "1");
  EXPECT_EQ(*root.find("over")->find("b")->scalar(), "3") << "a key of its own wins";
  EXPECT_THAT(mistakes_in("a: {<<: 5}\n"), ElementsAre(HasSubstr("merges maps only")));
}

TEST(YamlDocument, broken_yaml_is_one_error_with_its_line) {
  EXPECT_THAT(error_of("a: 1\nb: [1, 2\nc: 3\n"), HasSubstr("eddy.yaml:3: broken YAML: "));
  EXPECT_THAT(error_of("a: 1\n\tb: 2\n"), HasSubstr("eddy.yaml:2: broken YAML: "));
  EXPECT_THAT(error_of("a: *nowhere\n"), HasSubstr("eddy.yaml:1: broken YAML: "));
  EXPECT_THAT(error_of("a: 1\n---\nb: 2\n"), HasSubstr("eddy.yaml:2: text after the end of the document"));
  EXPECT_THAT(error_of(std::string_view("a: \0", 4)), HasSubstr("zero byte"));
  // On these, yaml-cpp makes documents for ever unless it is stopped.
  for (const char* stray : {"]", "}", "a: 1\n]", ",", "? ]"}) {
    EXPECT_THAT(error_of(stray), HasSubstr("eddy.yaml:")) << stray;
  }
}

TEST(YamlDocument, aliases_cannot_multiply_without_end) {
  std::string text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 30; ++level) {
    const std::string above = "*l" + std::to_string(level - 1);
    text += "l" + std::to_string(level) + ": &l" + std::to_string(level) + " [" + above;
    for (int i = 1; i < 10; ++i) text += ", " + above;
    text += "]\n";
  }
  EXPECT_THAT(error_of(text), HasSubstr("more than 100,000 values"));
  EXPECT_THAT(error_of("a: &a [*a]\n"), HasSubstr("an alias stands inside of what it names"));

  std::string deep = "l0: &l0 x\n";
  for (int level = 1; level < 60; ++level) {
    deep += "l" + std::to_string(level) + ": &l" + std::to_string(level) + " [*l" +
            std::to_string(level - 1) + "]\n";
  }
  EXPECT_THAT(error_of(deep), HasSubstr("nested deeper than 50 levels"));

  std::string wide = "long: &long " + std::string(1000, 'x') + "\nall: [";
  for (int i = 0; i < 20'000; ++i) wide += "*long, ";
  EXPECT_THAT(error_of(wide + "]\n"), HasSubstr("more than 100,000 values or 16 MiB"));
}

TEST(YamlDocument, depth_is_an_error_and_no_crash) {
  for (const char* bracket : {"[", "{", "- ", "? ", "a: {"}) {
    std::string text;
    while (text.size() < kMaxYamlBytes / 2) text += bracket;
    EXPECT_THAT(error_of(text.substr(0, 20'000)), HasSubstr("eddy.yaml")) << bracket;
  }
}

TEST(YamlDocument, large_files_are_refused) {
  EXPECT_THAT(error_of(std::string(kMaxYamlBytes + 1, 'a')), HasSubstr("larger than 1 MiB"));
  EXPECT_EQ(error_of("a: " + std::string(kMaxYamlBytes - 100, 'a')), "none");
}

TEST(YamlDocument, files_are_named_by_their_path) {
  const auto folder =
      std::filesystem::temp_directory_path() /
      ("eddy-yaml-" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
  std::filesystem::create_directory(folder);
  const auto file = folder / "a.yaml";
  std::ofstream(file) << "a: 1\nb: [\n";
  std::vector<Error> mistakes;
  auto document = read_yaml(file, mistakes);
  ASSERT_FALSE(document);
  EXPECT_THAT(to_string(document.error()), HasSubstr(file.string() + ":"));
  document = read_yaml(folder / "absent.yaml", mistakes);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().fault, Fault::kUser);
  EXPECT_THAT(to_string(document.error()), HasSubstr("no such file"));
  document = read_yaml(folder, mistakes);
  ASSERT_FALSE(document);
  EXPECT_THAT(to_string(document.error()), HasSubstr("is a directory"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace eddy

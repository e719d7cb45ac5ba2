#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "event/event.h"
#include "operators/decode/json_event_reader.h"

namespace eddy {
namespace {

std::string file(const std::string& path) {
  std::ifstream in(std::string(EDDY_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The lines between ```json and ```.
std::vector<std::string> examples(const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream text(file(path));
  bool inside = false;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("```")) {
      inside = line == "```json";
    } else if (inside) {
      lines.push_back(line);
    }
  }
  return lines;
}

std::set<std::string> all_types() {
  std::set<std::string> types;
  for (const EventBody& body :
       {EventBody(Action{}), EventBody(Utterance{}), EventBody(CallStarted{}), EventBody(CallEnded{}),
        EventBody(Purchase{}), EventBody(Portfolio{}), EventBody(Identify{}), EventBody(Forget{})}) {
    types.emplace(type_name(body));
  }
  return types;
}

TEST(EventDocuments, every_example_is_an_event_and_every_type_has_one) {
  std::set<std::string> types;
  for (const std::string& example : examples("docs/events.md")) {
    const auto event = read_event(example);
    ASSERT_TRUE(event) << event.error().message << "\n" << example;
    types.emplace(type_name(event->body));
  }
  EXPECT_EQ(types, all_types());
}

/// Without any one of the fields that the schema requires of a type, the reader refuses the event and names
/// that field.
TEST(EventDocuments, schema_and_reader_agree_on_types_and_required_fields) {
  const auto schema = nlohmann::json::parse(file("config/events.schema.json"));
  const auto written = examples("docs/events.md");
  std::set<std::string> types;
  for (const auto& kind : schema["oneOf"]) {
    const std::string type = kind["properties"]["type"]["const"];
    types.insert(type);
    const std::set<std::string> required = kind["required"];
    for (const std::string& example : written) {
      const auto event = nlohmann::json::parse(example);
      if (event["type"] != type) continue;
      for (const auto& [field, value] : event.items()) {
        auto without = event;
        without.erase(field);
        const auto read = read_event(without.dump());
        EXPECT_EQ(read.has_value(), !required.contains(field)) << without.dump();
        if (!read) {
          EXPECT_EQ(read.error().message, "field '" + field + "': is missing");
        }
      }
    }
  }
  EXPECT_EQ(types, all_types());
}

}  // namespace
}  // namespace eddy

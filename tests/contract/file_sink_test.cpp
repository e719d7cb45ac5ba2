// FileSink passes the contract of sinks; what it wrote is read back with another JSON library.
#include "pipeline/file/file_sink.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "contract/sink_contract.h"
#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

std::string from_base64(const std::string& text) {
  static const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6U | static_cast<std::uint32_t>(kDigits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 255U);
  }
  return bytes;
}

class FileSinkBench final : public SinkBench {
 public:
  FileSinkBench() : path_((directory_.path() / "out.jsonl").string()), sink_({path_, false}) {}
  Sink& sink() override { return sink_; }

  std::vector<ReadBack> read() override {
    std::vector<ReadBack> messages;
    for (const std::string& line : lines()) {
      const auto json = nlohmann::json::parse(line);
      if (json.contains("value") && json["value"].is_null()) {
        messages.push_back({json["key"], "", true});
      } else {
        messages.push_back({"", line, false});
      }
    }
    return messages;
  }

  std::vector<DeadLetter> read_dead_letters() override {
    std::vector<DeadLetter> letters;
    for (const std::string& line : lines()) {
      const auto json = nlohmann::json::parse(line);
      DeadLetter letter;
      letter.position = {TopicName(json["topic"].get<std::string>()), json["partition"], json["offset"]};
      letter.reason = json["reason"];
      letter.key = json["key"];
      letter.value = json.contains("value_base64") ? from_base64(json["value_base64"])
                                                   : json["value"].get<std::string>();
      letters.push_back(letter);
    }
    return letters;
  }

 private:
  std::vector<std::string> lines() {
    std::ifstream file(path_);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  TemporaryDirectory directory_;
  std::string path_;
  FileSink sink_;
};

INSTANTIATE_TEST_SUITE_P(File, SinkContract, testing::Values([]() -> std::unique_ptr<SinkBench> {
                           return std::make_unique<FileSinkBench>();
                         }));

}  // namespace
}  // namespace eddy

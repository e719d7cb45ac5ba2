#include "app/event_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>

#include "app/progress.h"

namespace eddy {
namespace {

using testing::HasSubstr;

constexpr const char* kAction =
    R"({"type": "action", "user": "u", "session": "s", "time": 1000, "tags": ["a"]})";
constexpr const char* kPurchase = R"({"type": "purchase", "user": "u", "time": 2000, "items": ["x"]})";

std::string lines(std::initializer_list<std::string_view> of) {
  std::string text;
  for (const std::string_view line : of) text.append(line).push_back('\n');
  return text;
}

class EventInputTest : public testing::Test {
 protected:
  EventInputTest()
      : directory_(std::filesystem::path(testing::TempDir()) / ("event_input_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~EventInputTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string plain(const std::string& name, const std::string& text) const {
    const std::string path = directory_ / name;
    std::ofstream(path) << text;
    return path;
  }
  [[nodiscard]] std::string gzipped(const std::string& name, const std::string& text) const {
    const std::string path = directory_ / name;
    gzFile file = gzopen(path.c_str(), "wb");
    EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())), static_cast<int>(text.size()));
    gzclose(file);
    return path;
  }

 private:
  std::filesystem::path directory_;
};

TEST_F(EventInputTest, reads_plain_and_gzipped_files_together) {
  const auto input =
      read_events({gzipped("web.jsonl.gz", lines({kAction})), plain("purchases.jsonl", lines({kPurchase}))});
  ASSERT_TRUE(input) << to_string(input.error());
  ASSERT_EQ(input->events.size(), 2U);
  EXPECT_EQ(type_name(input->events[0].body), "action");
  EXPECT_EQ(type_name(input->events[1].body), "purchase");
  EXPECT_EQ(input->refused, 0U);
}

TEST_F(EventInputTest, bad_records_are_counted_and_the_first_is_named) {
  const std::string path =
      plain("bad.jsonl", lines({kAction, R"({"type": "sneeze"})", "nonsense", kPurchase}));
  const auto input = read_events({path});
  ASSERT_TRUE(input) << to_string(input.error());
  EXPECT_EQ(input->events.size(), 2U);
  EXPECT_EQ(input->refused, 2U);
  EXPECT_THAT(input->first_refusal, HasSubstr("bad.jsonl"));
}

TEST_F(EventInputTest, input_without_any_event_is_a_mistake) {
  const auto empty = read_events({plain("empty.jsonl", "")});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().fault, Fault::kUser);
  EXPECT_FALSE(read_events({"/no/such/file.jsonl"}));
}

TEST_F(EventInputTest, topics_that_are_not_well_named_are_refused_with_the_form) {
  for (const char* source : {"kafka://", "kafka://broker:9092", "kafka://broker:9092/", "kafka:///web",
                             "kafka://broker:9092/web?acks"}) {
    const auto input = read_events({source});
    ASSERT_FALSE(input) << source;
    EXPECT_THAT(input.error().message, HasSubstr("kafka://HOST:PORT/TOPIC")) << source;
  }
}

TEST(ProgressLine, tells_the_time_left) {
  const std::string line = progress_line("training", 25, 100, std::chrono::seconds(10), "loss 0.5");
  EXPECT_THAT(line, HasSubstr("25 %"));
  EXPECT_THAT(line, HasSubstr("0:30 left"));
  EXPECT_THAT(line, HasSubstr("loss 0.5"));
  EXPECT_THAT(progress_line("reading", 7, 0, std::chrono::seconds(65), ""), HasSubstr("7  1:05"));
  EXPECT_THAT(progress_line("done", 100, 100, std::chrono::seconds(3), ""), HasSubstr("100 %  0:03"));
}

}  // namespace
}  // namespace eddy

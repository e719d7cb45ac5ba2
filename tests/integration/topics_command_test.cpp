// `eddy topics`, as typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "fakes/temporary_directory.h"
#include "fakes/test_broker.h"

namespace eddy {
namespace {

using testing::HasSubstr;

struct Outcome {
  int code = -1;
  std::string text;  ///< standard output and standard error
};

Outcome eddy(const std::string& arguments) {
  Outcome outcome;
  FILE* pipe = ::popen((std::string(EDDY_PROGRAM) + " " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> bytes;
  for (std::size_t got; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    outcome.text.append(bytes.data(), got);
  }
  outcome.code = WEXITSTATUS(::pclose(pipe));
  return outcome;
}

class topics_command : public testing::Test {
 protected:
  void SetUp() override {
    EDDY_NEEDS_BROKER();
    web_ = TestBroker::unique_name("web");
    calls_ = TestBroker::unique_name("calls");
    out_ = TestBroker::unique_name("out");
    dead_ = TestBroker::unique_name("dead");
    file_ = (directory_.path() / "eddy.yaml").string();
    std::ofstream(file_) << "sources:\n  - kafka:\n      brokers: " << *TestBroker::address()
                         << "\n      topics: [" << web_ << ", " << calls_ << "]\n"
                         << "operators: [decode, fold, refresh: {bundle: /no/such/bundle}, publish]\n"
                         << "sinks:\n  recommendations:\n    kafka: {topic: " << out_ << "}\n"
                         << "  dead_letters:\n    kafka: {topic: " << dead_ << "}\n";
  }
  void TearDown() override {
    if (!TestBroker::address()) return;
    TestBroker broker;
    for (const auto& topic : {web_, calls_, out_, dead_}) {
      if (eddy("topics show --brokers " + *TestBroker::address() + " --topic " + topic)
              .text.find("missing") == std::string::npos) {
        broker.delete_topic(topic);
      }
    }
  }

  TemporaryDirectory directory_;
  std::string file_, web_, calls_, out_, dead_;
};

TEST_F(topics_command, creates_what_a_configuration_names_before_there_is_a_bundle) {
  EXPECT_THAT(eddy("topics show " + file_).text, HasSubstr(web_ + ": missing"));
  const Outcome first = eddy("topics create " + file_ + " --partitions 3");
  EXPECT_EQ(first.code, 0) << first.text;
  EXPECT_THAT(first.text, HasSubstr(web_ + ": created, 3 partitions\n"));
  EXPECT_THAT(first.text, HasSubstr(out_ + ": created, 3 partitions, compacted\n"));
  EXPECT_THAT(first.text, HasSubstr(dead_ + ": created, 3 partitions\n"));
  const Outcome second = eddy("topics create " + file_ + " --partitions 3");
  EXPECT_EQ(second.code, 0) << second.text;
  EXPECT_THAT(second.text, HasSubstr(calls_ + ": existed, 3 partitions\n"));
  EXPECT_THAT(eddy("topics show " + file_).text, HasSubstr(calls_ + ": 3 partitions"));
  const Outcome other = eddy("topics create " + file_ + " --partitions 5");
  EXPECT_EQ(other.code, 2) << other.text;
  EXPECT_THAT(other.text, HasSubstr(web_ + " has 3 partitions instead of 5"));
}

TEST_F(topics_command, creates_topics_by_name) {
  const Outcome outcome =
      eddy("topics create --brokers " + *TestBroker::address() + " --topic " + web_ + " --topic " + calls_);
  EXPECT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_THAT(outcome.text, HasSubstr(web_ + ": created, 4 partitions\n"));
}

TEST(topics_command_line, asks_for_what_is_missing) {
  EXPECT_EQ(eddy("topics create").code, 2);
  EXPECT_EQ(eddy("topics create --brokers 127.0.0.1:1").code, 2);
  EXPECT_EQ(eddy("topics create no-such-file.yaml").code, 2);
  EXPECT_THAT(eddy("topics create --help").text, HasSubstr("--partitions"));
}

}  // namespace
}  // namespace eddy

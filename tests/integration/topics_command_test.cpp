// `eddy topics`, as typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fakes/temporary_directory.h"
#include "fakes/test_broker.h"
#include "typed_command.h"

namespace eddy {
namespace {

using testing::HasSubstr;

/// `eddy topics ARGUMENTS`, with what it says to the standard error.
Outcome topics(const std::string& arguments) {
  return eddy("topics " + arguments + " 2>&1");
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
      if (topics("show --brokers " + *TestBroker::address() + " --topic " + topic).text.find("missing") ==
          std::string::npos) {
        broker.delete_topic(topic);
      }
    }
  }

  TemporaryDirectory directory_;
  std::string file_, web_, calls_, out_, dead_;
};

TEST_F(topics_command, creates_what_a_configuration_names_before_there_is_a_bundle) {
  EXPECT_THAT(topics("show " + file_).text, HasSubstr(web_ + ": missing"));
  const Outcome first = topics("create " + file_ + " --partitions 3");
  EXPECT_EQ(first.code, 0) << first.text;
  EXPECT_THAT(first.text, HasSubstr(web_ + ": created, 3 partitions\n"));
  EXPECT_THAT(first.text, HasSubstr(out_ + ": created, 3 partitions, compacted\n"));
  EXPECT_THAT(first.text, HasSubstr(dead_ + ": created, 3 partitions\n"));
  const Outcome second = topics("create " + file_ + " --partitions 3");
  EXPECT_EQ(second.code, 0) << second.text;
  EXPECT_THAT(second.text, HasSubstr(calls_ + ": existed, 3 partitions\n"));
  EXPECT_THAT(topics("show " + file_).text, HasSubstr(calls_ + ": 3 partitions"));
  const Outcome other = topics("create " + file_ + " --partitions 5");
  EXPECT_EQ(other.code, 2) << other.text;
  EXPECT_THAT(other.text, HasSubstr(web_ + " has 3 partitions instead of 5"));
}

TEST_F(topics_command, creates_topics_by_name) {
  const Outcome outcome =
      topics("create --brokers " + *TestBroker::address() + " --topic " + web_ + " --topic " + calls_);
  EXPECT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_THAT(outcome.text, HasSubstr(web_ + ": created, 4 partitions\n"));
}

TEST(topics_command_line, asks_for_what_is_missing) {
  EXPECT_EQ(topics("create").code, 2);
  EXPECT_EQ(topics("create --brokers 127.0.0.1:1").code, 2);
  EXPECT_EQ(topics("create no-such-file.yaml").code, 2);
  EXPECT_THAT(topics("create --help").text, HasSubstr("--partitions"));
}

}  // namespace
}  // namespace eddy

#include "operators/quantities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace eddy {
namespace {

using std::chrono::milliseconds;

TEST(Quantities, durations_have_a_unit) {
  EXPECT_EQ(parse_duration("100ms"), milliseconds(100));
  EXPECT_EQ(parse_duration("5s"), milliseconds(5'000));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1'500));
  EXPECT_EQ(parse_duration("30min"), milliseconds(1'800'000));
  EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(parse_duration("7d"), milliseconds(604'800'000));
  EXPECT_EQ(parse_duration("7 d"), milliseconds(604'800'000));
  EXPECT_EQ(parse_duration("0"), milliseconds(0));
}

TEST(Quantities, what_is_no_duration_is_refused) {
  for (const char* text : {"", "5", "s", "-5s", "5 years", "5S", "1.2.3s", "0.5ms", "5s ", " 5s", "nan s",
                           "1e3s", "99999999999999999999d", "40000d", "5s5s", ".s", "5  s", "0x5s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << "'" << text << "'";
  }
}

TEST(Quantities, sizes_are_binary_or_plain_bytes) {
  EXPECT_EQ(parse_byte_size("0"), ByteSize{0});
  EXPECT_EQ(parse_byte_size("1000"), ByteSize{1000});
  EXPECT_EQ(parse_byte_size("10B"), ByteSize{10});
  EXPECT_EQ(parse_byte_size("512KiB"), ByteSize{512 * 1024});
  EXPECT_EQ(parse_byte_size("64MiB"), ByteSize{64ULL << 20U});
  EXPECT_EQ(parse_byte_size("1.5GiB"), ByteSize{3ULL << 29U});
  EXPECT_EQ(parse_byte_size("2TiB"), ByteSize{2ULL << 40U});
}

TEST(Quantities, what_is_no_size_is_refused) {
  // MB would leave the reader to guess whether a mega is 1000 or 1024.
  for (const char* text : {"", "64MB", "64M", "64mib", "-1", "-1MiB", "MiB", "1.5", "0.3B",
                           "99999999999999999999", "9999999999TiB", "64MiB/s"}) {
    EXPECT_EQ(parse_byte_size(text), std::nullopt) << "'" << text << "'";
  }
}

RC_GTEST_PROP(Quantities, a_written_duration_reads_back, ()) {
  const milliseconds duration(*rc::gen::inRange<std::int64_t>(0, 100LL * 365 * 86'400'000));
  RC_ASSERT(parse_duration(to_string(duration)) == duration);
}

RC_GTEST_PROP(Quantities, a_written_size_reads_back, ()) {
  const ByteSize size{*rc::gen::inRange<std::uint64_t>(0, 1ULL << 62U)};
  RC_ASSERT(parse_byte_size(to_string(size)) == size);
}

TEST(Quantities, are_written_with_the_largest_whole_unit) {
  EXPECT_EQ(to_string(milliseconds(1'800'000)), "30min");
  EXPECT_EQ(to_string(milliseconds(90'000)), "90s");
  EXPECT_EQ(to_string(milliseconds(0)), "0");
  EXPECT_EQ(to_string(ByteSize{64ULL << 20U}), "64MiB");
  EXPECT_EQ(to_string(ByteSize{1025}), "1025B");
}

}  // namespace
}  // namespace eddy

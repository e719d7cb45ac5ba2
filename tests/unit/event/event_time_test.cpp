#include "event/event_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace eddy {
namespace {

TEST(EventTime, reads_utc_offsets_and_fractions) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z")->milliseconds, 0);
  EXPECT_EQ(parse_rfc3339("2026-03-01T09:30:00.250+01:00")->milliseconds, 1772353800250);
  EXPECT_EQ(parse_rfc3339("2026-03-01T08:30:00.2509999Z")->milliseconds, 1772353800250);
  EXPECT_EQ(parse_rfc3339("2024-02-29t23:59:59z")->milliseconds, 1709251199000);
  EXPECT_EQ(parse_rfc3339("2024-02-29 23:59:59-05:30")->milliseconds, 1709270999000);
}

TEST(EventTime, refuses_what_is_no_time) {
  for (const char* text :
       {"", "yesterday", "2026-03-01", "2026-03-01T09:30:00", "2026-13-01T09:30:00Z", "2026-02-29T09:30:00Z",
        "2026-03-01T24:00:00Z", "2026-03-01T09:60:00Z", "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00+1:00",
        "1969-12-31T23:59:59Z", "2026-03-01T09:30:00Zz", "1970-01-01T00:00:00+01:00"}) {
    const auto result = parse_rfc3339(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().remedy, Remedy::kDeadLetter);
  }
}

RC_GTEST_PROP(EventTime, reads_what_it_writes, ()) {
  const EventTime time{*rc::gen::inRange<std::int64_t>(0, kLatestEventTime.milliseconds + 1)};
  const auto read = parse_rfc3339(to_rfc3339(time));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == time);
}

}  // namespace
}  // namespace eddy

#include "simulate/broken_records.h"

#include <gtest/gtest.h>

#include <set>

#include "operators/decode/json_event_reader.h"

namespace eddy {
namespace {

TEST(BrokenRecords, every_kind_is_refused_but_for_the_wrong_key) {
  Random random(5);
  for (std::size_t kind = 0; kind < broken_kinds(); ++kind) {
    const BrokenRecord broken = make_broken_record(kind, random);
    const auto event = read_event(broken.record);
    EXPECT_EQ(broken.record.find('\n'), std::string::npos) << broken_kind_name(kind);
    if (kind + 1 < broken_kinds()) {
      EXPECT_FALSE(event.has_value()) << broken_kind_name(kind);
    } else {
      ASSERT_TRUE(event.has_value());
      EXPECT_NE(event->user.value(), broken.key);
    }
  }
}

TEST(BrokenRecords, names_differ) {
  std::set<std::string_view> names;
  for (std::size_t kind = 0; kind < broken_kinds(); ++kind) names.insert(broken_kind_name(kind));
  EXPECT_EQ(names.size(), broken_kinds());
}

}  // namespace
}  // namespace eddy

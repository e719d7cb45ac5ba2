#include "app/state/row_text.h"

#include <gtest/gtest.h>

#include "app/state/verify_store.h"
#include "state/profile/profile_codec.h"
#include "state/store/key_codec.h"

namespace eddy {
namespace {

using Kind = RowDifference::Kind;

std::string facts_with_purchases(std::size_t count) {
  Facts facts;
  for (std::size_t i = 0; i < count; ++i) {
    facts.purchases.push_back(
        {EventId("p" + std::to_string(i)), EventTime{static_cast<std::int64_t>(i)}, {}});
  }
  std::string bytes;
  encode_facts(facts, bytes);
  return bytes;
}

TEST(RowText, names_the_user_and_the_part_that_differs) {
  const std::string key = profile_key(UserId("a\nb"));
  const std::string stored = facts_with_purchases(1);
  const std::string changed = facts_with_purchases(3);
  EXPECT_EQ(row_text({Kind::kChanged, key, stored, changed}),
            "user 'a?b': differs in purchases (1 in the store, 3 in the changelog)");
  EXPECT_EQ(row_text({Kind::kMissing, key, {}, changed}), "user 'a?b': in the changelog, not in the store");
  EXPECT_EQ(row_text({Kind::kExtra, key, stored, {}}), "user 'a?b': in the store, not in the changelog");
  EXPECT_EQ(row_text({Kind::kChanged, key, "\xff\xff", changed})
                .rfind("user 'a?b': the store's profile cannot be read: ", 0),
            0U);
}

TEST(RowText, names_positions_and_unknown_rows) {
  const std::string key = position_key("web", 3);
  const std::string one = encode_offset(1);
  const std::string two = encode_offset(2);
  EXPECT_EQ(row_text({Kind::kChanged, key, one, two}),
            "position of web/3: 1 in the store, 2 in the changelog");
  EXPECT_EQ(row_text({Kind::kExtra, "zz", one, {}}), "an unknown row: in the store, not in the changelog");
}

TEST(Verification, tells_what_was_compared) {
  Verification one;
  one.rows = {5, 5, 0, 0};
  EXPECT_EQ(to_text(ShardId(0), one), "shard 0: equal, 5 rows\n");
  one.rows.changed_since = 1;
  one.behind = 2;
  EXPECT_EQ(
      to_text(ShardId(1), one),
      "shard 1: equal, 5 rows; behind the changelog by 2 records, which eddy run reads: 1 row changed since "
      "and not compared\n");
  Verification other;
  other.verdict = Verification::Verdict::kDifferent;
  other.rows = {5, 4, 0, 3};
  other.differences = {"user 'ann': …"};
  EXPECT_EQ(to_text(ShardId(2), other), "shard 2: 3 rows of 7 differ\n  user 'ann': …\n  and 2 more\n");
}

}  // namespace
}  // namespace eddy

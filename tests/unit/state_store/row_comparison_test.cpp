#include "state/store/row_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "fakes/temporary_directory.h"
#include "state/store/changelog_image.h"
#include "state/store/key_codec.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using Kind = RowDifference::Kind;
using Rows = std::map<std::string, std::string>;

/// Rows at hand; fails behind the last one, if told so.
class RowsAtHand final : public RowCursor {
 public:
  explicit RowsAtHand(Rows rows, bool fails = false)
      : rows_(std::move(rows)), row_(rows_.begin()), fails_(fails) {}
  [[nodiscard]] bool is_valid() const override { return row_ != rows_.end(); }
  [[nodiscard]] std::string_view key() const override { return row_->first; }
  [[nodiscard]] std::string_view value() const override { return row_->second; }
  void next() override { ++row_; }
  [[nodiscard]] Result<void> status() const override {
    if (fails_ && !is_valid()) return external_error("the disk broke");
    return {};
  }

 private:
  const Rows rows_;
  Rows::const_iterator row_;
  const bool fails_;
};

struct Found {
  Result<RowComparison> counts;
  std::vector<std::pair<Kind, std::string>> differences;
};

Found compare(RowCursor& store, RowCursor& image) {
  std::vector<std::pair<Kind, std::string>> differences;
  auto counts = compare_rows(
      store, image,
      {[&](const RowDifference& row) { differences.emplace_back(row.kind, std::string(row.key)); },
       [](std::uint64_t /*keys*/) {}});
  return {std::move(counts), std::move(differences)};
}

Found compare(const Rows& stored, const Rows& logged) {
  RowsAtHand store(stored);
  RowsAtHand image(logged);
  return compare(store, image);
}

TEST(RowComparison, rows_about_the_store_itself_do_not_count) {
  const Found found = compare({{"mc", "mark"}, {"mv", "1"}, {"pann", "a"}}, {{"pann", "=a"}});
  EXPECT_EQ(found.counts->rows, 1U);
  EXPECT_EQ(found.counts->equal, 1U);
  EXPECT_TRUE(found.differences.empty());
}

TEST(RowComparison, finds_what_is_changed_missing_and_extra) {
  const Found found = compare({{"pa", "1"}, {"pb", "2"}, {"pd", "4"}, {"pz", "9"}},
                              {{"pa", "=1"}, {"pb", "=3"}, {"pc", "=3"}, {"pd", "=4"}});
  EXPECT_THAT(found.differences, ElementsAre(std::pair{Kind::kChanged, "pb"}, std::pair{Kind::kMissing, "pc"},
                                             std::pair{Kind::kExtra, "pz"}));
  EXPECT_EQ(found.counts->differences, 3U);
  EXPECT_EQ(found.counts->equal, 2U);
}

TEST(RowComparison, rows_that_changed_since_are_counted_and_not_compared) {
  const Found found = compare({{"pa", "old"}, {"pb", "2"}}, {{"pa", "~"}, {"pb", "=2"}, {"pc", "~"}});
  EXPECT_TRUE(found.differences.empty());
  EXPECT_EQ(found.counts->changed_since, 2U);
  EXPECT_EQ(found.counts->equal, 1U);
}

TEST(RowComparison, a_failed_reading_is_no_end) {
  RowsAtHand store({{"pa", "1"}}, true);
  RowsAtHand image({{"pa", "=1"}, {"pb", "=2"}});
  const Found found = compare(store, image);
  ASSERT_FALSE(found.counts);
  EXPECT_EQ(found.counts.error().message, "the disk broke");
  EXPECT_TRUE(found.differences.empty());
}

RC_GTEST_PROP(RowComparison, equals_a_comparison_key_by_key, (Rows stored, Rows known)) {
  Rows prefixed, image;
  std::map<std::string, Kind> expected;
  for (const auto& [key, value] : stored) prefixed["p" + key] = value;
  for (const auto& [key, value] : known) image["p" + key] = ChangelogImage::kKnown + value;
  for (const auto& [key, value] : prefixed) {
    const auto found = image.find(key);
    if (found == image.end()) expected[key] = Kind::kExtra;
    if (found != image.end() && found->second.substr(1) != value) expected[key] = Kind::kChanged;
  }
  for (const auto& [key, value] : image) {
    if (!prefixed.contains(key)) expected[key] = Kind::kMissing;
  }
  const Found found = compare(prefixed, image);
  RC_ASSERT(found.counts.has_value());
  std::map<std::string, Kind> differences;
  for (const auto& [kind, key] : found.differences) differences[key] = kind;
  RC_ASSERT(differences == expected);
  RC_ASSERT(found.counts->equal + found.counts->differences >= prefixed.size());
}

TEST(ChangelogImage, keeps_the_last_row_before_the_mark_and_names_what_changed_since) {
  const TemporaryDirectory temporary;
  const StoreResources resources(StoreOptions{});
  const auto scratch = temporary.path() / "image";
  {
    auto image = ChangelogImage::make(scratch, resources);
    ASSERT_TRUE(image) << to_string(image.error());
    for (const char* value : {"1", "2"}) ASSERT_TRUE((*image)->add("pa", value, true));
    ASSERT_TRUE((*image)->add("pb", "3", true));
    ASSERT_TRUE((*image)->add("pb", std::nullopt, true));
    ASSERT_TRUE((*image)->add("pc", "4", true));
    ASSERT_TRUE((*image)->add("pc", std::nullopt, false));
    auto rows = (*image)->rows();
    ASSERT_TRUE(rows);
    std::vector<std::pair<std::string, std::string>> seen;
    for (; (*rows)->is_valid(); (*rows)->next()) seen.emplace_back((*rows)->key(), (*rows)->value());
    EXPECT_THAT(seen, ElementsAre(std::pair{"pa", "=2"}, std::pair{"pc", "~"}));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch));
}

TEST(ChangelogImage, equals_a_store_that_got_the_same_rows) {
  const TemporaryDirectory temporary;
  const StoreResources resources(StoreOptions{});
  auto store = RocksProfileStore::open(temporary.path() / "store", resources);
  ASSERT_TRUE(store) << to_string(store.error());
  ASSERT_TRUE((*store)->commit({{{UserId("ann"), "facts"}}, {{{"web", 0}, 7}}, ChangelogMark{3, 0}}));
  auto image = ChangelogImage::make(temporary.path() / "image", resources);
  ASSERT_TRUE(image) << to_string(image.error());
  ASSERT_TRUE((*image)->add(profile_key(UserId("ann")), "facts", true));
  ASSERT_TRUE((*image)->add(position_key("web", 0), encode_offset(7), true));
  auto rows = (*image)->rows();
  ASSERT_TRUE(rows);
  const Found found = compare(*(*store)->rows(), **rows);
  EXPECT_EQ(found.counts->equal, 2U);
  EXPECT_TRUE(found.differences.empty());
}

}  // namespace
}  // namespace eddy

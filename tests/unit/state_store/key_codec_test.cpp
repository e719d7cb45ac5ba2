#include "state/store/key_codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace eddy {
namespace {

RC_GTEST_PROP(KeyCodec, profile_keys_come_back, (const std::string& user)) {
  RC_ASSERT(parse_profile_key(profile_key(UserId(user))) == UserId(user));
}

RC_GTEST_PROP(KeyCodec, profile_keys_sort_as_users, (const std::string& a, const std::string& b)) {
  RC_ASSERT((profile_key(UserId(a)) < profile_key(UserId(b))) == (a < b));
}

RC_GTEST_PROP(KeyCodec, position_keys_come_back, (const std::string& topic, std::int32_t partition)) {
  const std::string key = position_key(topic, partition);
  RC_ASSERT(parse_position_key(key) == std::pair(topic, partition));
  RC_ASSERT(!parse_profile_key(key).has_value());
  RC_ASSERT(key.starts_with(kPositionPrefix));
  RC_ASSERT(key < prefix_end(kPositionPrefix));
  RC_ASSERT(key < std::string(1, kProfilePrefix));
}

RC_GTEST_PROP(KeyCodec, position_keys_sort_by_partition, (std::int32_t a, std::int32_t b)) {
  RC_ASSERT((position_key("web", a) < position_key("web", b)) == (a < b));
}

RC_GTEST_PROP(KeyCodec, offsets_come_back_and_sort, (std::int64_t a, std::int64_t b)) {
  RC_ASSERT(parse_offset(encode_offset(a)) == a);
  RC_ASSERT((encode_offset(a) < encode_offset(b)) == (a < b));
}

RC_GTEST_PROP(KeyCodec, profile_keys_lie_between_prefix_and_its_end, (const std::string& user)) {
  const std::string begin(1, kProfilePrefix);
  RC_ASSERT(profile_key(UserId(user)) >= begin);
  RC_ASSERT(profile_key(UserId(user)) < prefix_end(begin));
}

TEST(KeyCodec, bytes_are_as_the_grammar_says) {
  EXPECT_EQ(profile_key(UserId("ann")), "pann");
  EXPECT_EQ(position_key("web", 3), std::string("mi\x80\x00\x00\x03web", 9));
  EXPECT_EQ(encode_offset(258), std::string("\x80\x00\x00\x00\x00\x00\x01\x02", 8));
  EXPECT_EQ(encode_layout_version(1), std::string("\x00\x00\x00\x01", 4));
}

TEST(KeyCodec, other_bytes_are_refused) {
  EXPECT_EQ(parse_profile_key(""), std::nullopt);
  EXPECT_EQ(parse_profile_key("tann"), std::nullopt);
  EXPECT_EQ(parse_position_key("mi\x80"), std::nullopt);
  EXPECT_EQ(parse_position_key("mv"), std::nullopt);
  EXPECT_EQ(parse_offset("1234567"), std::nullopt);
  EXPECT_EQ(parse_layout_version("12345"), std::nullopt);
}

}  // namespace
}  // namespace eddy

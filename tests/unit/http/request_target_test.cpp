#include "app/http/request_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(RequestTarget, is_taken_apart_before_it_is_decoded) {
  const auto target = parse_request_target("/v1/users/a%2Fb%3F/x?k=3&name=a%26b&k=4&flag");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments, ElementsAre("v1", "users", "a/b?", "x"));
  EXPECT_THAT(target->parameters, ElementsAre(Pair("flag", ""), Pair("k", "3"), Pair("name", "a&b")));
}

TEST(RequestTarget, empty_parts_stay) {
  EXPECT_THAT(parse_request_target("/")->segments, IsEmpty());
  EXPECT_THAT(parse_request_target("/a//b")->segments, ElementsAre("a", "", "b"));
  EXPECT_THAT(parse_request_target("/?")->parameters, IsEmpty());
}

TEST(RequestTarget, what_is_no_path_is_refused) {
  for (const char* target : {"", "*", "http://eddy/", "a/b", "/%", "/%2", "/%2g", "/a?k=%", "/a?%zz"}) {
    EXPECT_FALSE(parse_request_target(target)) << target;
  }
}

RC_GTEST_PROP(RequestTarget, any_bytes_come_back_from_their_encoding, (const std::string& bytes)) {
  std::string encoded;
  constexpr const char* kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  RC_ASSERT(percent_decode(encoded) == bytes);
}

RC_GTEST_PROP(RequestTarget, any_bytes_are_parsed_or_refused, (const std::string& bytes)) {
  const auto target = parse_request_target("/" + bytes);
  RC_ASSERT(target.has_value() || bytes.find('%') != std::string::npos);
}

}  // namespace
}  // namespace eddy

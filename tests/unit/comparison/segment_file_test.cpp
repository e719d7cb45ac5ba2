#include "app/segment_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

using testing::HasSubstr;

class SegmentFile : public testing::Test {
 protected:
  [[nodiscard]] std::string written(const std::string& text) const {
    const std::string file = (directory_.path() / "users.csv").string();
    std::ofstream(file) << text;
    return file;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(SegmentFile, gives_the_columns_asked_for) {
  const std::string file = written("region,user,age\nnorth,u1,old\n\"so,uth\",u2,young\n");
  const auto fields = read_user_fields(file, {"age", "region"});
  ASSERT_TRUE(fields) << to_string(fields.error());
  ASSERT_EQ(fields->size(), 2U);
  EXPECT_EQ((*fields)[0].at(UserId("u2")), "young");
  EXPECT_EQ((*fields)[1].at(UserId("u1")), "north");
  EXPECT_EQ((*fields)[1].at(UserId("u2")), "so,uth");
}

TEST_F(SegmentFile, mistakes_are_named_with_their_place) {
  const auto column = read_user_fields(written("user,age\nu1,old\n"), {"region"});
  ASSERT_FALSE(column);
  EXPECT_THAT(to_string(column.error()), HasSubstr("region"));
  const auto twice = read_user_fields(written("user,age\nu1,old\nu1,young\n"), {"age"});
  ASSERT_FALSE(twice);
  EXPECT_THAT(to_string(twice.error()), HasSubstr("users.csv:3"));
  EXPECT_THAT(to_string(twice.error()), HasSubstr("u1"));
  EXPECT_FALSE(read_user_fields("/no/such/file.csv", {"age"}));
}

}  // namespace
}  // namespace eddy

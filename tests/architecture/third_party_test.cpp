// Third-party headers stay in their rooms, so that each library can be replaced by changing one folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/include_rules.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SourceTree tree_of(const std::vector<SourceFile>& files) {
  SourceTree tree;
  for (const SourceFile& file : files) tree.emplace(file.path, file);
  return tree;
}

TEST(third_party, headers_stay_in_their_rooms) {
  EXPECT_THAT(strayed_third_party_includes(project_tree()), IsEmpty());
}

TEST(third_party, a_library_outside_its_room_is_found) {
  const SourceTree tree = tree_of({{"pipeline/commit.cpp", "#include <rocksdb/db.h>\n"}});
  EXPECT_THAT(strayed_third_party_includes(tree),
              ElementsAre("pipeline/commit.cpp:1 includes rocksdb/db.h, which only state/store/ may"));
}

TEST(third_party, a_header_that_carries_a_library_out_is_found) {
  const SourceTree tree =
      tree_of({{"state/store/rocks_status.h", "#include <rocksdb/status.h>\n"},
               {"state/store/rocks_status.cpp", "#include \"state/store/rocks_status.h\"\n"},
               {"pipeline/commit.cpp", "#include \"state/store/rocks_status.h\"\n"}});
  EXPECT_THAT(
      strayed_third_party_includes(tree),
      ElementsAre(
          "pipeline/commit.cpp:1 includes state/store/rocks_status.h, which brings rocksdb/status.h out "
          "of its room"));
}

}  // namespace
}  // namespace eddy

#include "state/store/rocks_profile_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "crash/damaged_file.h"
#include "fakes/eventually.h"
#include "fakes/temporary_directory.h"
#include "state/profile/profile_codec.h"
#include "state/store/manifest_seal.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

StoreOptions small_options() {
  StoreOptions options;
  options.block_cache_bytes = 8UL << 20;
  options.write_buffer_bytes = 2UL << 20;
  return options;
}

std::unique_ptr<RocksProfileStore> open_or_fail(const fs::path& path, const StoreResources& resources) {
  auto store = RocksProfileStore::open(path, resources);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(store).value() : nullptr;
}

/// One purchase of a long id, so that profiles have a size worth compacting.
UnitOfCommit unit_of(int first_user, int users, std::size_t id_size = 100) {
  UnitOfCommit unit;
  for (int user = first_user; user < first_user + users; ++user) {
    Facts facts;
    PurchaseFact purchase;
    purchase.id = EventId(std::string(id_size, 'a') + std::to_string(user));
    purchase.time = EventTime{1'700'000'000'000 + user};
    facts.purchases.push_back(purchase);
    encode_facts(facts, unit.profiles.emplace_back(UserId("user-" + std::to_string(user)), "").second);
  }
  unit.positions[{"web", 0}] = first_user + users;
  return unit;
}

std::int64_t count(ProfileStore& store) {
  std::int64_t found = 0;
  const auto visited = store.for_each([&](const UserId&, Facts&&) { return ++found > 0; });
  EXPECT_TRUE(visited) << visited.error().message;
  return found;
}

TEST(RocksProfileStore, second_opening_is_refused_and_says_why) {
  const TemporaryDirectory directory;
  const StoreResources resources(small_options());
  const auto store = open_or_fail(directory.path(), resources);
  const auto second = RocksProfileStore::open(directory.path(), resources);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().remedy, Remedy::kStop);
  EXPECT_THAT(second.error().message, testing::HasSubstr("open"));
}

TEST(RocksProfileStore, is_read_while_another_writes_to_it) {
  const TemporaryDirectory directory;
  const StoreResources resources(small_options());
  const auto writer = open_or_fail(directory.path(), resources);
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(writer->commit(unit_of(round * 100, 100)));
    const auto reader = RocksProfileStore::open_read_only(directory.path(), resources);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(count(**reader), (round + 1) * 100);
    if (round % 3 == 0) {
      ASSERT_TRUE(writer->compact());
    }
    EXPECT_EQ(count(**reader), (round + 1) * 100);  // its tables are gone by name, and still readable
    const auto positions = (*reader)->positions();
    ASSERT_TRUE(positions);
    EXPECT_EQ(positions->at({"web", 0}), (round + 1) * 100);
    EXPECT_FALSE((*reader)->commit(unit_of(0, 1)));
  }
}

// Between these steps another process may ask.
TEST(RocksProfileStore, is_made_once_it_can_be_opened_or_was) {
  const TemporaryDirectory directory;
  const StoreResources resources(small_options());
  const fs::path path = directory.path() / "store";
  EXPECT_FALSE(RocksProfileStore::is_made(path));
  fs::create_directory(path);
  std::ofstream(path / "LOCK").flush();
  std::ofstream(path / "MANIFEST-000001").flush();
  EXPECT_FALSE(RocksProfileStore::is_made(path));
  {
    const auto store = open_or_fail(path, resources);
    EXPECT_TRUE(RocksProfileStore::is_made(path));
    ASSERT_TRUE(store->commit(unit_of(0, 10)));
    ASSERT_TRUE(store->compact());
  }
  fs::remove(path / "CURRENT");
  EXPECT_TRUE(RocksProfileStore::is_made(path)) << "damaged, and not new";
}

TEST(RocksProfileStore, read_only_opening_makes_nothing) {
  const TemporaryDirectory directory;
  const StoreResources resources(small_options());
  EXPECT_FALSE(RocksProfileStore::open_read_only(directory.path() / "none", resources));
  EXPECT_FALSE(fs::exists(directory.path() / "none"));
}

TEST(RocksProfileStore, compaction_keeps_everything_and_shrinks_repeats) {
  const TemporaryDirectory directory;
  const StoreResources resources(small_options());
  const auto store = open_or_fail(directory.path(), resources);
  for (int round = 0; round < 20; ++round) ASSERT_TRUE(store->commit(unit_of(0, 1000)));
  ASSERT_TRUE(store->compact());
  EXPECT_EQ(count(*store), 1000);
  EXPECT_GT(store->table_bytes(), 0U);
  EXPECT_LT(store->table_bytes(), 1000U * 100U);
}

TEST(RocksProfileStore, write_buffers_of_all_shards_keep_one_budget) {
  const TemporaryDirectory directory;
  StoreOptions options;
  options.block_cache_bytes = 16UL << 20;
  options.write_buffer_bytes = 8UL << 20;
  const StoreResources resources(options);
  std::vector<std::unique_ptr<RocksProfileStore>> shards;
  for (int shard = 0; shard < 8; ++shard) {
    shards.push_back(open_or_fail(directory.path() / std::to_string(shard), resources));
  }
  // 32 MB, none of which a shard by itself would write out.
  for (int round = 0; round < 40; ++round) {
    for (const auto& shard : shards) ASSERT_TRUE(shard->commit(unit_of(round * 100, 100, 1000)));
  }
  std::uint64_t written_out = 0;
  for (const auto& shard : shards) written_out += shard->table_bytes();
  EXPECT_GT(written_out, 0U);
  EXPECT_LT(resources.memory_bytes(), options.block_cache_bytes + options.write_buffer_bytes);
}

TEST(RocksProfileStore, torn_log_loses_the_last_commits_whole) {
  const TemporaryDirectory directory;
  const StoreResources resources(small_options());
  {
    const auto store = open_or_fail(directory.path(), resources);
    for (int unit = 0; unit < 10; ++unit) ASSERT_TRUE(store->commit(unit_of(unit * 10, 10)));
    ASSERT_TRUE(store->flush());
  }
  fs::path log;
  for (const auto& file : fs::directory_iterator(directory.path())) {
    if (file.path().extension() == ".log") log = file.path();
  }
  ASSERT_FALSE(log.empty());
  fs::resize_file(log, fs::file_size(log) - 100);
  const auto store = open_or_fail(directory.path(), resources);
  const auto positions = store->positions();
  ASSERT_TRUE(positions);
  EXPECT_EQ(positions->at({"web", 0}), 90);
  EXPECT_EQ(count(*store), 90);
}

/// A store as a kill leaves it: one table of old commits, one that RocksDB made by itself when its buffer was
/// full, and a log of later commits. The manifest's last lines alone know of the second table.
class RocksManifest : public testing::Test {
 protected:
  void SetUp() override {
    const auto store = open_or_fail(live_, resources_);
    commit(*store);
    ASSERT_TRUE(store->compact());
    const std::uint64_t at_first = store->table_bytes();
    while (store->table_bytes() == at_first) commit(*store);
    commit(*store);
    ASSERT_TRUE(store->flush());
    // Once the last table is sealed, the store rests.
    std::ifstream(live_ / "CURRENT") >> manifest_;
    manifest_bytes_ = fs::file_size(live_ / manifest_);
    ASSERT_TRUE(eventually([&] {
      const auto seal = read_manifest_seal(live_);
      return seal && *seal && (*seal)->bytes == manifest_bytes_ && logs() == 1;
    }));
    fs::copy(live_, killed_, fs::copy_options::recursive);
  }

  /// What it says when it is opened with this damage; nothing if it serves all that it says that it holds.
  template <class Damage>
  std::string open_damaged(const Damage& damage) {
    const fs::path copy = directory_.path() / "damaged";
    fs::remove_all(copy);
    fs::copy(killed_, copy, fs::copy_options::recursive);
    damage(copy / manifest_);
    const auto store = RocksProfileStore::open(copy, resources_);
    if (!store) return to_string(store.error());
    const auto positions = (*store)->positions();
    EXPECT_TRUE(positions) << positions.error().message;
    EXPECT_EQ(count(**store), positions->empty() ? 0 : positions->at({"web", 0}));
    return "";
  }

  [[nodiscard]] std::uint64_t manifest_bytes() const { return manifest_bytes_; }
  [[nodiscard]] const fs::path& killed() const { return killed_; }
  [[nodiscard]] const StoreResources& resources() const { return resources_; }
  [[nodiscard]] int committed() const { return committed_; }

 private:
  void commit(RocksProfileStore& store) {
    constexpr int kUsers = 100;
    ASSERT_TRUE(store.commit(unit_of(committed_, kUsers, 1000)));
    committed_ += kUsers;
  }

  [[nodiscard]] std::ptrdiff_t logs() const {
    return std::count_if(fs::directory_iterator(live_), fs::directory_iterator(),
                         [](const auto& entry) { return entry.path().extension() == ".log"; });
  }

  TemporaryDirectory directory_;
  fs::path live_ = directory_.path() / "live";
  fs::path killed_ = directory_.path() / "killed";
  StoreResources resources_{small_options()};
  std::string manifest_;
  std::uint64_t manifest_bytes_ = 0;
  int committed_ = 0;
};

TEST_F(RocksManifest, whole_opens_with_all_commits) {
  EXPECT_EQ(open_damaged([](const fs::path&) {}), "");
  const auto store = open_or_fail(killed(), resources());
  EXPECT_EQ(count(*store), committed());
}

TEST_F(RocksManifest, cut_anywhere_is_refused) {
  for (std::uint64_t size = 0; size < manifest_bytes(); size += 1 + manifest_bytes() / 100) {
    EXPECT_THAT(open_damaged([&](const fs::path& manifest) { fs::resize_file(manifest, size); }),
                testing::HasSubstr("eddy state rebuild"))
        << "cut to " << size << " of " << manifest_bytes() << " bytes";
  }
}

TEST_F(RocksManifest, changed_anywhere_is_refused) {
  for (std::uint64_t at = 0; at < manifest_bytes(); at += 1 + manifest_bytes() / 100) {
    const double share = static_cast<double>(at) / static_cast<double>(manifest_bytes());
    EXPECT_THAT(open_damaged([&](const fs::path& manifest) { flip_byte(manifest, share); }),
                testing::HasSubstr("eddy state rebuild"))
        << "byte " << at << " of " << manifest_bytes();
  }
}

TEST_F(RocksManifest, older_one_named_by_current_is_refused) {
  EXPECT_THAT(open_damaged([](const fs::path& manifest) {
                std::ofstream(manifest.parent_path() / "CURRENT") << "MANIFEST-000001\n";
              }),
              testing::AllOf(testing::HasSubstr("older"), testing::HasSubstr("eddy state rebuild")));
}

TEST_F(RocksManifest, damaged_seal_is_refused) {
  EXPECT_THAT(open_damaged([](const fs::path& manifest) {
                fs::resize_file(manifest.parent_path() / "MANIFEST_SEAL", 10);
              }),
              testing::AllOf(testing::HasSubstr("seal"), testing::HasSubstr("eddy state rebuild")));
}

// As a store of an earlier program, or one that was killed between its first manifest and its first seal.
TEST_F(RocksManifest, without_a_seal_is_opened_and_sealed) {
  fs::remove(killed() / "MANIFEST_SEAL");
  { EXPECT_EQ(count(*open_or_fail(killed(), resources())), committed()); }
  const auto seal = read_manifest_seal(killed());
  ASSERT_TRUE(seal);
  ASSERT_TRUE(*seal);
  EXPECT_EQ((*seal)->bytes, fs::file_size(killed() / (*seal)->manifest));
}

TEST(RocksProfileStore, damaged_table_is_one_clear_line_that_stops) {
  const TemporaryDirectory directory;
  const StoreResources resources(small_options());
  {
    const auto store = open_or_fail(directory.path(), resources);
    ASSERT_TRUE(store->commit(unit_of(0, 5000)));
    ASSERT_TRUE(store->compact());
  }
  for (const auto& file : fs::directory_iterator(directory.path())) {
    if (file.path().extension() != ".sst") continue;
    std::fstream table(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    table.seekp(100);
    table << std::string(2000, 'x');
  }
  const StoreResources cold_resources(small_options());
  const auto store = RocksProfileStore::open(directory.path(), cold_resources);
  // Where the damage lies decides whether the opening sees it or the first scan.
  const Result<void> visited =
      store ? (*store)->for_each([](const UserId&, Facts&&) { return true; }) : Result<void>(store.error());
  ASSERT_FALSE(visited);
  EXPECT_EQ(visited.error().remedy, Remedy::kStop);
  EXPECT_EQ(visited.error().fault, Fault::kExternal);
  EXPECT_THAT(visited.error().message, testing::HasSubstr("damaged"));
  EXPECT_EQ(visited.error().message.find('\n'), std::string::npos);
  EXPECT_EQ(visited.error().where, directory.path().string());
}

}  // namespace
}  // namespace eddy

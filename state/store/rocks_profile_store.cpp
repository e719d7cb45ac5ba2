#include "state/store/rocks_profile_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "state/profile/profile_codec.h"
#include "state/store/key_codec.h"
#include "state/store/manifest_seal.h"
#include "state/store/rocks_options.h"
#include "state/store/rocks_row_cursor.h"
#include "state/store/rocks_status.h"

namespace eddy {

struct RocksProfileStore::Rocks {
  explicit Rocks(const StoreResources& resources, const std::filesystem::path& directory)
      : shared(resources.shared()), where(directory.string()) {}
  ~Rocks() {
    if (!db) return;
    shared->leave(*db);
    if (!sealer) return;
    // A flush that ends while the store closes tells no listener.
    rocksdb::CancelAllBackgroundWork(db.get(), true);
    sealer->seal(*db);
  }
  Rocks(const Rocks&) = delete;
  Rocks& operator=(const Rocks&) = delete;

  const std::shared_ptr<StoreResources::Shared> shared;
  std::shared_ptr<void> lease;             // outlives db
  std::shared_ptr<ManifestSealer> sealer;  // null: only read
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::WriteOptions write_options;
  std::string where;  // the directory, for errors

  [[nodiscard]] Error damaged(const std::string& what) const {
    return external_error(what +
                              ": check the disk, then make the store anew from its changelog ('eddy state "
                              "rebuild'), or without "
                              "one replay the input into an empty directory",
                          where, Remedy::kStop);
  }

  [[nodiscard]] Error undecodable(const UserId& user, const Error& reason) const {
    return damaged("the stored profile of user '" + user.value() + "' cannot be read (" + reason.message +
                   ")");
  }

  [[nodiscard]] Result<void> check_manifest() const {
    if (const auto broken = find_broken_seal(where))
      return damaged("stored data is damaged (" + *broken + ")");
    return {};
  }

  /// A store without a version is new, or not Eddy's.
  Result<void> check_layout(bool may_write) {
    std::string stored;
    const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), kLayoutKey, &stored);
    if (status.ok()) {
      const auto version = parse_layout_version(stored);
      if (!version)
        return damaged("the store's layout version has " + std::to_string(stored.size()) + " bytes, not 4");
      if (*version == kStoreLayoutVersion) return {};
      return user_error("the store has layout version " + std::to_string(*version) +
                            ", this program reads version " + std::to_string(kStoreLayoutVersion) +
                            ": start the program that wrote it, or replay the input",
                        where);
    }
    if (!status.IsNotFound()) return rocks_error(status, "read the store's layout version", where);
    const std::unique_ptr<rocksdb::Iterator> any(db->NewIterator(rocksdb::ReadOptions()));
    any->Seek(kPositionPrefix);
    if (any->Valid() && parse_position_key(any->key().ToStringView()))
      return damaged("the store has input positions but has lost its layout version");
    any->SeekToFirst();
    if (any->Valid())
      return user_error("this RocksDB was not written by Eddy: give another state directory", where);
    if (!any->status().ok()) return rocks_error(any->status(), "read the store", where);
    if (!may_write) return {};
    rocksdb::WriteOptions sync;
    sync.sync = true;
    const rocksdb::Status put = db->Put(sync, kLayoutKey, encode_layout_version(kStoreLayoutVersion));
    if (!put.ok()) return rocks_error(put, "write the store's layout version", where);
    return {};
  }
};

RocksProfileStore::RocksProfileStore(std::unique_ptr<Rocks> rocks) : rocks_(std::move(rocks)) {}
RocksProfileStore::~RocksProfileStore() = default;

Result<std::unique_ptr<RocksProfileStore>> RocksProfileStore::open(const std::filesystem::path& directory,
                                                                   const StoreResources& resources,
                                                                   std::shared_ptr<void> lease) {
  auto rocks = std::make_unique<Rocks>(resources, directory);
  rocks->lease = std::move(lease);
  rocks->write_options.sync = resources.options().sync_commits;
  rocks->write_options.memtable_insert_hint_per_batch = true;  // units come in the order of their keys
  rocksdb::Options options = rocks_options(resources);
  options.create_if_missing = true;
  EDDY_TRY(rocks->check_manifest());
  rocks->sealer = std::make_shared<ManifestSealer>();
  options.listeners.push_back(rocks->sealer);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, rocks->where, &db);
  if (!status.ok()) return rocks_error(status, "open the store", rocks->where);
  rocks->db.reset(db);
  rocks->sealer->seal(*db);
  rocks->shared->enter(*db);
  EDDY_TRY(rocks->check_layout(true));
  return std::unique_ptr<RocksProfileStore>(new RocksProfileStore(std::move(rocks)));
}

bool RocksProfileStore::is_made(const std::filesystem::path& directory) {
  std::error_code error;  // what cannot be listed is not there
  const std::filesystem::directory_iterator files(directory, error);
  return !error && std::any_of(begin(files), end(files), [](const auto& entry) {
    return entry.path().filename() == "CURRENT" || entry.path().extension() == ".sst";
  });
}

Result<std::unique_ptr<RocksProfileStore>> RocksProfileStore::open_read_only(
    const std::filesystem::path& directory, const StoreResources& resources) {
  auto rocks = std::make_unique<Rocks>(resources, directory);
  EDDY_TRY(rocks->check_manifest());
  rocksdb::Options options = rocks_options(resources);
  // All tables are opened at once and stay readable when the writing process deletes them.
  options.max_open_files = -1;
  // The writer may delete a file between our reading of its name and our opening of it: the next attempt sees
  // newer names.
  constexpr int kAttempts = 5;
  rocksdb::Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    rocksdb::DB* db = nullptr;
    status = rocksdb::DB::OpenForReadOnly(options, rocks->where, &db);
    if (status.ok()) {
      rocks->db.reset(db);
      break;
    }
    if (!status.IsIOError() && !status.IsPathNotFound() && !status.IsCorruption()) break;
  }
  if (!status.ok()) return rocks_error(status, "open the store for reading", rocks->where);
  EDDY_TRY(rocks->check_layout(false));
  return std::unique_ptr<RocksProfileStore>(new RocksProfileStore(std::move(rocks)));
}

Result<void> RocksProfileStore::load(std::span<const UserId> users, std::span<std::optional<Facts>> facts) {
  const std::size_t count = users.size();
  std::vector<std::string> keys;
  keys.reserve(count);
  for (const UserId& user : users) keys.push_back(profile_key(user));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(count);
  std::vector<rocksdb::Status> statuses(count);
  rocks_->db->MultiGet(rocksdb::ReadOptions(), rocks_->db->DefaultColumnFamily(), count, slices.data(),
                       values.data(), statuses.data());
  for (std::size_t i = 0; i < count; ++i) {
    facts[i].reset();
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return rocks_error(statuses[i], "read a profile", rocks_->where);
    auto decoded = decode_facts(std::string_view(values[i].data(), values[i].size()));
    if (!decoded) return rocks_->undecodable(users[i], decoded.error());
    facts[i] = std::move(decoded).value();
  }
  return {};
}

Result<void> RocksProfileStore::commit(const UnitOfCommit& unit) {
  constexpr std::size_t kBytesBesideValue = 32;
  std::size_t bytes = 0;
  for (const auto& [user, value] : unit.profiles)
    bytes += user.value().size() + value.size() + kBytesBesideValue;
  rocksdb::WriteBatch batch(bytes);
  rocksdb::Status status;
  for (const auto& [user, value] : unit.profiles) {
    const rocksdb::Slice prefix(&kProfilePrefix, 1);
    const std::array<rocksdb::Slice, 2> key_parts{prefix, rocksdb::Slice(user.value())};
    const rocksdb::SliceParts key(key_parts.data(), key_parts.size());
    const rocksdb::Slice value_slice(value);
    status = value.empty() ? batch.Delete(key) : batch.Put(key, rocksdb::SliceParts(&value_slice, 1));
    if (!status.ok()) return rocks_error(status, "prepare a commit", rocks_->where);
  }
  for (const auto& [place, offset] : unit.positions) {
    status = batch.Put(position_key(place.first, place.second), encode_offset(offset));
    if (!status.ok()) return rocks_error(status, "prepare a commit", rocks_->where);
  }
  if (unit.changelog) {
    status = batch.Put(kChangelogKey, encode_changelog_mark(*unit.changelog));
    if (!status.ok()) return rocks_error(status, "prepare a commit", rocks_->where);
  }
  status = rocks_->shared->keep_write_budget();
  if (!status.ok()) return rocks_error(status, "write out the buffers", rocks_->where);
  status = rocks_->db->Write(rocks_->write_options, &batch);
  if (!status.ok()) return rocks_error(status, "commit profiles", rocks_->where);
  return {};
}

Result<Positions> RocksProfileStore::positions() {
  Positions positions;
  const std::string end = prefix_end(kPositionPrefix);
  const rocksdb::Slice upper_bound(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_bound;
  const std::unique_ptr<rocksdb::Iterator> entry(rocks_->db->NewIterator(options));
  for (entry->Seek(kPositionPrefix); entry->Valid(); entry->Next()) {
    const auto place = parse_position_key(entry->key().ToStringView());
    const auto offset = parse_offset(entry->value().ToStringView());
    if (!place || !offset) return rocks_->damaged("a stored input position cannot be read");
    positions.emplace(*place, *offset);
  }
  if (!entry->status().ok()) return rocks_error(entry->status(), "read the input positions", rocks_->where);
  return positions;
}

Result<std::optional<ChangelogMark>> RocksProfileStore::changelog() {
  std::string stored;
  const rocksdb::Status status = rocks_->db->Get(rocksdb::ReadOptions(), kChangelogKey, &stored);
  if (status.IsNotFound()) return std::optional<ChangelogMark>();
  if (!status.ok()) return rocks_error(status, "read the changelog mark", rocks_->where);
  const auto mark = parse_changelog_mark(stored);
  if (!mark) return rocks_->damaged("the stored changelog mark cannot be read");
  return mark;
}

Result<void> RocksProfileStore::clear() {
  const std::string profiles(1, kProfilePrefix);
  const std::string profiles_end = prefix_end(profiles);
  const std::string positions_end = prefix_end(kPositionPrefix);
  const rocksdb::Slice begin(profiles), end(profiles_end);
  // Whole files go at once; what shares a file with other rows gets a mark that compaction follows.
  rocksdb::WriteBatch batch;
  rocksdb::Status status = batch.DeleteRange(begin, end);
  if (status.ok()) status = batch.DeleteRange(kPositionPrefix, positions_end);
  if (status.ok()) status = batch.Delete(kChangelogKey);
  if (status.ok()) status = rocks_->db->Write(rocks_->write_options, &batch);
  if (status.ok()) {
    status = rocksdb::DeleteFilesInRange(rocks_->db.get(), rocks_->db->DefaultColumnFamily(), &begin, &end);
  }
  if (!status.ok()) return rocks_error(status, "clear the store", rocks_->where);
  return {};
}

Result<void> RocksProfileStore::for_each_after(const UserId* after, const Visit& visit) {
  const std::string prefix(1, kProfilePrefix);
  // No key lies between a key and itself with a zero byte behind it.
  const std::string begin = after == nullptr ? prefix : profile_key(*after) + '\0';
  const std::string end = prefix_end(prefix);
  const rocksdb::Slice upper_bound(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_bound;
  options.fill_cache = false;  // a scan must not drive the live users out
  const std::unique_ptr<rocksdb::Iterator> entry(rocks_->db->NewIterator(options));
  for (entry->Seek(begin); entry->Valid(); entry->Next()) {
    const auto user = parse_profile_key(entry->key().ToStringView());
    if (!user) return rocks_->damaged("a stored key is no profile's");
    auto facts = decode_facts(entry->value().ToStringView());
    if (!facts) return rocks_->undecodable(*user, facts.error());
    if (!visit(*user, std::move(facts).value())) return {};
  }
  if (!entry->status().ok()) return rocks_error(entry->status(), "read the profiles", rocks_->where);
  return {};
}

Result<void> RocksProfileStore::flush() {
  const rocksdb::Status status = rocks_->db->SyncWAL();
  if (!status.ok()) return rocks_error(status, "make the last commits durable", rocks_->where);
  return {};
}

std::unique_ptr<RowCursor> RocksProfileStore::rows() {
  return all_rows(*rocks_->db, rocks_->where);
}

Result<void> RocksProfileStore::compact() {
  rocksdb::Status status = rocks_->db->Flush(rocksdb::FlushOptions());
  if (!status.ok()) return rocks_error(status, "write out the buffers", rocks_->where);
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  status = rocks_->db->CompactRange(options, nullptr, nullptr);
  if (!status.ok()) return rocks_error(status, "compact the store", rocks_->where);
  return {};
}

std::uint64_t RocksProfileStore::table_bytes() const {
  std::uint64_t bytes = 0;
  const bool known = rocks_->db->GetIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
  return known ? bytes : 0;
}

}  // namespace eddy

#include "state/store/manifest_seal.h"

#include <rocksdb/db.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/whole_file.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSealName = "MANIFEST_SEAL";
constexpr std::string_view kFormat = "eddy-manifest-seal";
constexpr int kFormatVersion = 1;
constexpr std::string_view kManifestPrefix = "MANIFEST-";

std::optional<std::uint64_t> manifest_number(std::string_view name) {
  if (!name.starts_with(kManifestPrefix)) return std::nullopt;
  name.remove_prefix(kManifestPrefix.size());
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (code != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

Result<ManifestSeal> seal_of(rocksdb::DB& db, const fs::path& directory) {
  std::vector<std::string> files;
  ManifestSeal seal;
  const rocksdb::Status status = db.GetLiveFiles(files, &seal.bytes, false);
  if (!status.ok()) return external_error("its size is not known: " + status.ToString(), directory.string());
  for (std::string_view file : files) {
    if (file.starts_with('/')) file.remove_prefix(1);
    if (manifest_number(file)) seal.manifest = file;
  }
  EDDY_ASSIGN(const auto content, read_whole_file(directory / seal.manifest));
  if (!content || content->size() < seal.bytes)
    return external_error("it is shorter than RocksDB wrote it", (directory / seal.manifest).string());
  seal.hash = hash_bytes(std::string_view(*content).substr(0, seal.bytes));
  return seal;
}

Result<void> write_seal(rocksdb::DB& db) {
  const fs::path directory = db.GetName();
  EDDY_ASSIGN(const ManifestSeal seal, seal_of(db, directory));
  std::ostringstream text;
  text << kFormat << ' ' << kFormatVersion << ' ' << seal.manifest << ' ' << seal.bytes << ' ' << seal.hash
       << '\n';
  return write_whole_file(directory / kSealName, text.str());
}

}  // namespace

Result<std::optional<ManifestSeal>> read_manifest_seal(const fs::path& directory) {
  EDDY_ASSIGN(const auto text, read_whole_file(directory / kSealName));
  if (!text) return std::optional<ManifestSeal>();
  std::istringstream words(*text);
  std::string format;
  int version = 0;
  ManifestSeal seal;
  if (!(words >> format >> version >> seal.manifest >> seal.bytes >> seal.hash) || format != kFormat ||
      version != kFormatVersion || !manifest_number(seal.manifest))
    return external_error("the seal of the store's manifest is damaged", (directory / kSealName).string());
  return std::optional(seal);
}

std::optional<std::string> find_broken_seal(const fs::path& directory) {
  // In this order: a process that writes to the store may go on to a new manifest meanwhile.
  const auto seal = read_manifest_seal(directory);
  if (!seal) return to_string(seal.error());
  if (!*seal) return std::nullopt;
  const ManifestSeal& sealed = **seal;
  const auto current = read_whole_file(directory / "CURRENT");
  if (!current) return to_string(current.error());
  if (!*current) return std::nullopt;
  std::string_view name = **current;
  name = name.substr(0, name.find('\n'));
  const auto number = manifest_number(name);
  if (!number || *number > *manifest_number(sealed.manifest)) return std::nullopt;
  if (*number < *manifest_number(sealed.manifest))
    return "CURRENT names " + std::string(name) + ", which is older than " + sealed.manifest;
  const auto content = read_whole_file(directory / sealed.manifest);
  if (!content) return to_string(content.error());
  if (!*content) return std::nullopt;
  const std::string_view bytes = **content;
  if (bytes.size() < sealed.bytes)
    return sealed.manifest + " has " + std::to_string(bytes.size()) + " bytes and had " +
           std::to_string(sealed.bytes);
  if (hash_bytes(bytes.substr(0, sealed.bytes)) != sealed.hash)
    return sealed.manifest + " is not what was written";
  return std::nullopt;
}

void ManifestSealer::OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo& /*flush*/) {
  seal(*db);
}

void ManifestSealer::OnCompactionCompleted(rocksdb::DB* db,
                                           const rocksdb::CompactionJobInfo& /*compaction*/) {
  seal(*db);
}

void ManifestSealer::seal(rocksdb::DB& db) {
  const MutexLock lock(mutex_);
  if (const auto written = write_seal(db); !written)
    spdlog::warn("the store's manifest cannot be sealed: {}", to_string(written.error()));
}

}  // namespace eddy

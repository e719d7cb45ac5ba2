#include "model/bundle_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "model/bundle_files.h"
#include "model/text/encoder_files.h"
#include "model/text/mapped_file.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

Error disk_error(const char* what, const fs::path& path) {
  return external_error(std::string(what) + ": " + std::strerror(errno), path.string());
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  const int value_;
};

/// Removes the directory at the end of the scope, whatever happened to it.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(fs::path path) : path_(std::move(path)) {}
  ~TemporaryDirectory() {
    std::error_code leftover;  // a hidden directory that stays is no harm to the bundle
    fs::remove_all(path_, leftover);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

Result<void> write_durably(const fs::path& path, std::string_view content) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return disk_error("cannot create it", path);
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk_error("cannot write it", path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) return disk_error("cannot write it to disk", path);
  return {};
}

Result<void> sync_directory(const fs::path& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0)
    return disk_error("cannot write it to disk", path);
  return {};
}

// Throws nlohmann's exceptions.
BundleFiles files_of(const BundleContents& contents) {
  constexpr int kIndent = 1;
  nlohmann::ordered_json manifest;
  manifest["format"] = kBundleFormat;
  manifest["kind"] = contents.kind;
  if (!contents.encoder.empty()) manifest["encoder"] = contents.encoder_name;
  manifest["options"] = nlohmann::ordered_json::parse(contents.options);
  manifest["metrics"] = nlohmann::ordered_json::parse(contents.metrics);
  manifest["training"] = nlohmann::ordered_json::parse(contents.training);
  nlohmann::json items = nlohmann::json::array();
  for (const ItemId& item : contents.items) items.push_back(item.value());
  return {{kManifestFile, manifest.dump(kIndent) + "\n"},
          {kVocabularyFile, nlohmann::json(contents.tags).dump(kIndent) + "\n"},
          {kCatalogueFile, items.dump(kIndent) + "\n"},
          {kWeightsFile, encode_tensors(contents.tensors)}};
}

Result<void> check_target(const fs::path& directory) {
  if (!fs::exists(directory)) return {};
  const bool replaceable =
      fs::is_directory(directory) && (fs::is_empty(directory) || fs::exists(directory / kChecksumsFile));
  if (replaceable) return {};
  return user_error("it exists and is no bundle; name another place or remove it", directory.string());
}

/// Copies the encoder's files, and adds their checksums as those of the bundle.
Result<void> copy_encoder(const BundleContents& contents, const fs::path& bundle, Checksums& checksums) {
  EDDY_ASSIGN(const auto files, text_encoder_files(contents.encoder));
  const fs::path folder = bundle / kEncoderFolder;
  Checksums copied;
  for (const std::string& file : files) {
    EDDY_ASSIGN(const MappedFile content, MappedFile::open(contents.encoder / file));
    fs::create_directories((folder / file).parent_path());
    EDDY_TRY(write_durably(folder / file, content.bytes()));
    copied[file] = checksum_of(content.bytes());
    EDDY_TRY(sync_directory((folder / file).parent_path()));
  }
  if (text_encoder_name(copied) != contents.encoder_name)
    return user_error("the text encoder was changed while the model was trained; train it again",
                      contents.encoder.string());
  for (auto& [file, checksum] : copied) checksums[std::string(kEncoderFolder) + "/" + file] = checksum;
  return {};
}

Result<void> write_files(const BundleContents& contents, const fs::path& target) {
  const BundleFiles files = files_of(contents);
  fs::path parent = target.parent_path();
  if (parent.empty()) parent = ".";
  fs::create_directories(parent);
  std::string name = ".";
  name += target.filename().string() + "." + std::to_string(::getpid()) + ".tmp";
  const TemporaryDirectory temporary(parent / name);
  fs::remove_all(temporary.path());
  fs::create_directory(temporary.path());
  Checksums checksums;
  for (const auto& [file, content] : files) {
    EDDY_TRY(write_durably(temporary.path() / file, content));
    checksums[file] = checksum_of(content);
  }
  if (!contents.encoder.empty()) EDDY_TRY(copy_encoder(contents, temporary.path(), checksums));
  EDDY_TRY(write_durably(temporary.path() / kChecksumsFile, checksum_lines(checksums)));
  EDDY_TRY(sync_directory(temporary.path()));
  // An existing bundle changes places with the new one, and goes away with the temporary directory.
  const unsigned flags = fs::exists(target) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, temporary.path().c_str(), AT_FDCWD, target.c_str(), flags) != 0) {
    return disk_error("cannot move the finished bundle there", target);
  }
  return sync_directory(parent);
}

}  // namespace

Result<void> write_bundle(const BundleContents& contents, const fs::path& directory) {
  try {
    const fs::path target = directory.has_filename() ? directory : directory.parent_path();
    EDDY_TRY(check_target(target));
    return write_files(contents, target);
  } catch (const nlohmann::json::exception& error) {
    return internal_error(std::string("the bundle's contents are no JSON: ") + error.what(),
                          directory.string());
  } catch (const std::exception& error) {
    return external_error(error.what(), directory.string());
  }
}

}  // namespace eddy

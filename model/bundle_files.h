#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace eddy {

/// A bundle is a directory of these files:
///
///     manifest.json        format, kind, options, metrics, training
///     vocabulary.json      array of tags
///     catalogue.json       array of items
///     weights.safetensors  tensors
///     checksums.txt        one line a file above, sorted: XXH3-128 in hex, two spaces, name (as xxh128sum
///     prints it)
///
/// The checksum of checksums.txt is the bundle's.
inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kVocabularyFile = "vocabulary.json";
inline constexpr const char* kCatalogueFile = "catalogue.json";
inline constexpr const char* kWeightsFile = "weights.safetensors";
inline constexpr const char* kChecksumsFile = "checksums.txt";

/// The version of this layout; a bundle of another one is refused.
inline constexpr int kBundleFormat = 1;

/// File name → content, without checksums.txt.
using BundleFiles = std::map<std::string, std::string>;

/// XXH3-128, 32 hex digits.
[[nodiscard]] std::string checksum_of(std::string_view bytes);

/// The content of checksums.txt.
[[nodiscard]] std::string checksums_of(const BundleFiles& files);

/// All files of a bundle, and its checksum. Errors (user's): a file is missing, or is not what checksums.txt
/// says.
struct VerifiedBundle {
  BundleFiles files;
  std::string checksum;
};
Result<VerifiedBundle> read_bundle_files(const std::filesystem::path& directory);

}  // namespace eddy

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
///     encoder/…            of a model that reads vectors of texts: the text encoder
///     (model/text/text_encoder.h) checksums.txt        one line a file above, sorted: XXH3-128 in hex, two
///     spaces, name (as xxh128sum prints it)
///
/// The checksum of checksums.txt is the bundle's.
inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kVocabularyFile = "vocabulary.json";
inline constexpr const char* kCatalogueFile = "catalogue.json";
inline constexpr const char* kWeightsFile = "weights.safetensors";
inline constexpr const char* kEncoderFolder = "encoder";
inline constexpr const char* kChecksumsFile = "checksums.txt";

/// The version of this layout; a bundle of another one is refused.
inline constexpr int kBundleFormat = 1;

/// File name → content, without checksums.txt and the encoder's.
using BundleFiles = std::map<std::string, std::string>;
/// File name → checksum.
using Checksums = std::map<std::string, std::string>;

/// XXH3-128, 32 hex digits.
[[nodiscard]] std::string checksum_of(std::string_view bytes);

/// As `xxh128sum` prints them, a line a file: the content of checksums.txt.
[[nodiscard]] std::string checksum_lines(const Checksums& checksums);

/// A bundle's files, all verified, and its checksum. Errors (user's): a file is missing, or is not what
/// checksums.txt says.
struct VerifiedBundle {
  BundleFiles files;
  Checksums encoder;  ///< of the encoder's files, by their names below kEncoderFolder; empty: there is none
  std::string checksum;
};
Result<VerifiedBundle> read_bundle_files(const std::filesystem::path& directory);

}  // namespace eddy

#include "model/bundle_files.h"

#include <xxhash.h>

#include <array>
#include <fstream>
#include <sstream>

#include "model/text/encoder_files.h"
#include "model/text/mapped_file.h"

namespace eddy {
namespace {

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    return user_error("cannot read it; a bundle is a directory that `eddy train` wrote", path.string());
  std::ostringstream content;
  content << stream.rdbuf();
  if (stream.bad()) return external_error("reading failed", path.string());
  return std::move(content).str();
}

}  // namespace

std::string checksum_of(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : canonical.digest) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

std::string checksum_lines(const Checksums& checksums) {
  std::string lines;
  for (const auto& [name, checksum] : checksums) lines += checksum + "  " + name + "\n";
  return lines;
}

Result<VerifiedBundle> read_bundle_files(const std::filesystem::path& directory) {
  EDDY_ASSIGN(const std::string stated, read_file(directory / kChecksumsFile));
  VerifiedBundle bundle;
  Checksums checksums;
  const auto verify = [&](const std::string& name, std::string_view content) -> Result<void> {
    checksums[name] = checksum_of(content);
    if (stated.find(checksums[name] + "  " + name + "\n") != std::string::npos) return {};
    return user_error(name +
                          " is not the file that was written with this bundle: its checksum differs "
                          "from " +
                          kChecksumsFile + "; copy the bundle again or train it anew",
                      directory.string());
  };
  for (const char* name : {kManifestFile, kVocabularyFile, kCatalogueFile, kWeightsFile}) {
    EDDY_ASSIGN(std::string content, read_file(directory / name));
    EDDY_TRY(verify(name, content));
    bundle.files.emplace(name, std::move(content));
  }
  const std::string folder = std::string(kEncoderFolder) + "/";
  if (stated.find("  " + folder) != std::string::npos) {
    EDDY_ASSIGN(const auto files, text_encoder_files(directory / kEncoderFolder));
    for (const std::string& file : files) {
      EDDY_ASSIGN(const MappedFile content, MappedFile::open(directory / kEncoderFolder / file));
      EDDY_TRY(verify(folder + file, content.bytes()));
      bundle.encoder[file] = checksums[folder + file];
    }
  }
  if (checksum_lines(checksums) != stated) {
    return user_error(std::string(kChecksumsFile) + " was changed; copy the bundle again",
                      directory.string());
  }
  bundle.checksum = checksum_of(stated);
  return bundle;
}

}  // namespace eddy

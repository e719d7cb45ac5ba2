#include "model/text/encoder_files.h"

#include <algorithm>

#include "model/text/mapped_file.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigitsInName = 8;

}  // namespace

Result<std::vector<std::string>> text_encoder_files(const fs::path& directory) {
  std::vector<std::string> files{"config.json", "model.safetensors", "vocab.txt"};
  std::error_code failure;
  for (const std::string& file : files) {
    if (!fs::is_regular_file(directory / file, failure))
      return user_error(
          "there is no " + file +
              "; a text encoder is a directory with config.json, vocab.txt and model.safetensors",
          directory.string());
  }
  for (const char* file :
       {"1_Pooling/config.json", "modules.json", "sentence_bert_config.json", "tokenizer_config.json"})
    if (fs::is_regular_file(directory / file, failure)) files.emplace_back(file);
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::string> text_encoder_name(const fs::path& directory) {
  EDDY_ASSIGN(const auto files, text_encoder_files(directory));
  Checksums checksums;
  for (const std::string& file : files) {
    EDDY_ASSIGN(const MappedFile content, MappedFile::open(directory / file));
    checksums[file] = checksum_of(content.bytes());
  }
  return text_encoder_name(checksums);
}

std::string text_encoder_name(const Checksums& checksums) {
  return "bert@" + checksum_of(checksum_lines(checksums)).substr(0, kDigitsInName);
}

}  // namespace eddy

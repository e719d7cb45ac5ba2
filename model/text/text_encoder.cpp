#include "model/text/text_encoder.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <unordered_map>
#include <utility>

#include "model/text/encoder_files.h"

namespace eddy {
namespace {

// More tokens at once would leave the caches; fewer would read the weights more often.
constexpr std::size_t kTokensAtOnce = 256;

/// A text's tokens, and the places in the batch that want its vector.
struct Wanted {
  std::vector<std::uint32_t> tokens;
  std::vector<std::size_t> places;
};

std::vector<Wanted> distinct(std::span<const std::string_view> texts, const BertTokenizer& tokenizer) {
  std::vector<Wanted> wanted;
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t place = 0; place < texts.size(); ++place) {
    const auto [at, is_new] = known.try_emplace(texts[place], wanted.size());
    if (is_new) wanted.push_back({tokenizer.tokenize(texts[place]), {}});
    wanted[at->second].places.push_back(place);
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.tokens.size() < b.tokens.size(); });
  return wanted;
}

}  // namespace

Result<std::shared_ptr<const TextEncoder>> TextEncoder::load(const std::filesystem::path& directory) {
  EDDY_ASSIGN(std::string name, text_encoder_name(directory));
  EDDY_ASSIGN(BertConfig config, read_bert_config(directory));
  const auto vocabulary_path = directory / "vocab.txt";
  EDDY_ASSIGN(const MappedFile vocabulary, MappedFile::open(vocabulary_path));
  auto tokenizer = BertTokenizer::make(vocabulary.bytes(), config.tokenizer);
  if (!tokenizer) return user_error(tokenizer.error().message, vocabulary_path.string());
  if (tokenizer->vocabulary_size() > config.shape.vocabulary)
    return user_error("it has " + std::to_string(tokenizer->vocabulary_size()) + " lines; config.json says " +
                          std::to_string(config.shape.vocabulary),
                      vocabulary_path.string());
  EDDY_ASSIGN(const SafetensorsFile file, SafetensorsFile::open(directory / "model.safetensors"));
  EDDY_ASSIGN(BertNetwork network, BertNetwork::load(config.shape, file));
  return std::shared_ptr<const TextEncoder>(
      new TextEncoder(std::move(name), std::move(config), *std::move(tokenizer), std::move(network)));
}

TextEncoder::TextEncoder(std::string name, BertConfig config, BertTokenizer tokenizer, BertNetwork network)
    : name_(std::move(name)),
      config_(std::move(config)),
      tokenizer_(std::move(tokenizer)),
      network_(std::move(network)) {}

Result<void> TextEncoder::encode(std::span<const std::string_view> texts, std::vector<float>& vectors) const {
  vectors.assign(texts.size() * width(), 0.0F);
  const std::vector<Wanted> wanted = distinct(texts, tokenizer_);
  std::vector<const std::vector<std::uint32_t>*> tokens;
  std::vector<float> means;
  try {
    for (std::size_t begin = 0; begin < wanted.size();) {
      std::size_t end = begin, sum = 0;
      tokens.clear();
      while (end < wanted.size() && (end == begin || sum + wanted[end].tokens.size() <= kTokensAtOnce)) {
        sum += wanted[end].tokens.size();
        tokens.push_back(&wanted[end++].tokens);
      }
      means.resize(tokens.size() * width());
      network_.encode(tokens, means.data());
      for (; begin < end; ++begin) {
        float* vector = means.data() + (tokens.size() - (end - begin)) * width();
        finish(vector);
        for (const std::size_t place : wanted[begin].places)
          std::copy_n(vector, width(), vectors.data() + place * width());
      }
    }
  } catch (const std::exception& error) {
    return internal_error(std::string("LibTorch: ") + error.what(), "text encoder " + name_);
  }
  return {};
}

void TextEncoder::finish(float* vector) const {
  if (!config_.normalizes) return;
  double squares = 0;
  for (std::size_t i = 0; i < width(); ++i)
    squares += static_cast<double>(vector[i]) * static_cast<double>(vector[i]);
  constexpr double kLeastLength = 1e-12;
  const double length = std::max(std::sqrt(squares), kLeastLength);
  for (std::size_t i = 0; i < width(); ++i)
    vector[i] = static_cast<float>(static_cast<double>(vector[i]) / length);
}

}  // namespace eddy

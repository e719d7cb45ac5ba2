#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/temporary_directory.h"
#include "model/tensor_file.h"
#include "model/text/text_encoder.h"

namespace eddy {

struct TextEncoderSizes {
  std::size_t hidden = 8, intermediate = 20, positions = 24, layers = 2, heads = 2;
};

/// A text encoder with weights that nobody trained. Its pieces are letters, digits, a few
/// marks, and "word", "##word". A test may change what it is about to write.
struct SmallTextEncoder {
  explicit SmallTextEncoder(std::uint64_t seed = 41, const TextEncoderSizes& sizes = {}) {
    pieces = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "word", "##word",
              ",",     ".",     "?",     "!",     "-",      "'",    "$"};
    for (char letter = 'a'; letter <= 'z'; ++letter) add_piece(letter);
    for (char digit = '0'; digit <= '9'; ++digit) add_piece(digit);
    config = {{"model_type", "bert"},
              {"hidden_act", "gelu"},
              {"hidden_size", sizes.hidden},
              {"intermediate_size", sizes.intermediate},
              {"num_hidden_layers", sizes.layers},
              {"num_attention_heads", sizes.heads},
              {"max_position_embeddings", sizes.positions},
              {"type_vocab_size", 2},
              {"vocab_size", pieces.size()},
              {"layer_norm_eps", 1e-12}};
    fill(seed, sizes);
  }

  /// Writes config.json, vocab.txt and model.safetensors to an existing or new directory.
  void write(const std::filesystem::path& directory) const {
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "config.json") << config.dump();
    std::ofstream vocabulary(directory / "vocab.txt");
    for (const std::string& piece : pieces) vocabulary << piece << '\n';
    std::ofstream(directory / "model.safetensors", std::ios::binary) << encode_tensors(tensors);
  }

  std::vector<std::string> pieces;
  nlohmann::json config;
  NamedTensors tensors;

 private:
  void add_piece(char character) {
    pieces.emplace_back(1, character);
    pieces.push_back(std::string("##") + character);
  }

  void fill(std::uint64_t seed, const TextEncoderSizes& sizes) {
    std::mt19937_64 generator(seed);
    const auto add = [&](const std::string& name, std::vector<std::size_t> shape) {
      std::size_t count = 1;
      for (const std::size_t extent : shape) count *= extent;
      std::vector<float> values(count);
      for (float& value : values) value = static_cast<float>(generator() >> 40U) * 0x1p-24F - 0.5F;
      tensors[name] = {std::move(shape), std::move(values)};
    };
    const auto add_layer = [&](const std::string& name, std::size_t out, std::size_t in) {
      add(name + ".weight", {out, in});
      add(name + ".bias", {out});
    };
    const auto add_norm = [&](const std::string& name) {
      add(name + ".weight", {sizes.hidden});
      add(name + ".bias", {sizes.hidden});
    };
    add("embeddings.word_embeddings.weight", {pieces.size(), sizes.hidden});
    add("embeddings.position_embeddings.weight", {sizes.positions, sizes.hidden});
    add("embeddings.token_type_embeddings.weight", {2, sizes.hidden});
    add_norm("embeddings.LayerNorm");
    for (std::size_t number = 0; number < sizes.layers; ++number) {
      const std::string layer = "encoder.layer." + std::to_string(number) + ".";
      for (const char* part : {"query", "key", "value"})
        add_layer(layer + "attention.self." + part, sizes.hidden, sizes.hidden);
      add_layer(layer + "attention.output.dense", sizes.hidden, sizes.hidden);
      add_norm(layer + "attention.output.LayerNorm");
      add_layer(layer + "intermediate.dense", sizes.intermediate, sizes.hidden);
      add_layer(layer + "output.dense", sizes.hidden, sizes.intermediate);
      add_norm(layer + "output.LayerNorm");
    }
  }
};

/// One for all tests of a program; null where it cannot be made.
inline std::shared_ptr<const TextEncoder> small_text_encoder() {
  static const std::shared_ptr<const TextEncoder> kEncoder = [] {
    const TemporaryDirectory directory;
    SmallTextEncoder().write(directory.path());
    auto loaded = TextEncoder::load(directory.path());
    return loaded ? *std::move(loaded) : nullptr;
  }();
  return kEncoder;
}

}  // namespace eddy

#include "model/text/bert_network.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "model/recommenders/float_kernels.h"
#include "model/recommenders/matrix_product.h"

namespace eddy {
namespace {

/// A dense layer, or two or three side by side that read the same.
struct Dense {
  PackedMatrix matrix;
  std::vector<float> bias;
  std::size_t in, out;
};

struct Norm {
  at::Tensor scale, shift;
};

struct Layer {
  Dense attention, attention_output;  // the first: queries, keys, values
  Norm attention_norm;
  Dense widen, narrow;
  Norm output_norm;
};

/// Reads a checkpoint's tensors; their names may begin with "bert.".
class TensorReader {
 public:
  TensorReader(const SafetensorsFile& file, const BertShape& shape)
      : file_(file),
        hidden_(shape.hidden),
        prefix_(file.has("bert.embeddings.word_embeddings.weight") ? "bert." : "") {}

  [[nodiscard]] Result<std::vector<float>> table(const std::string& name, std::size_t rows) const {
    return file_.floats(prefix_ + "embeddings." + name + ".weight", {rows, hidden_});
  }

  [[nodiscard]] Result<Norm> norm(const std::string& name) const {
    EDDY_ASSIGN(const auto scale, file_.floats(prefix_ + name + ".weight", {hidden_}));
    EDDY_ASSIGN(const auto shift, file_.floats(prefix_ + name + ".bias", {hidden_}));
    return Norm{at::tensor(scale), at::tensor(shift)};
  }

  /// Several of one size, side by side.
  [[nodiscard]] Result<Dense> dense(const std::vector<std::string>& names, std::size_t in,
                                    std::size_t out) const {
    const std::size_t all = out * names.size();
    std::vector<float> values(in * all), bias;
    for (std::size_t n = 0; n < names.size(); ++n) {
      // As stored: a row for each output.
      EDDY_ASSIGN(const auto rows, file_.floats(prefix_ + names[n] + ".weight", {out, in}));
      EDDY_ASSIGN(const auto shift, file_.floats(prefix_ + names[n] + ".bias", {out}));
      for (std::size_t row = 0; row < out; ++row)
        for (std::size_t i = 0; i < in; ++i) values[i * all + n * out + row] = rows[row * in + i];
      bias.insert(bias.end(), shift.begin(), shift.end());
    }
    return Dense{PackedMatrix(in, all, values), std::move(bias), in, all};
  }

  [[nodiscard]] Result<Layer> layer(std::size_t number, std::size_t intermediate) const {
    const std::string at = "encoder.layer." + std::to_string(number) + ".";
    const std::string self = at + "attention.self.";
    EDDY_ASSIGN(Dense attention, dense({self + "query", self + "key", self + "value"}, hidden_, hidden_));
    EDDY_ASSIGN(Dense attention_output, dense({at + "attention.output.dense"}, hidden_, hidden_));
    EDDY_ASSIGN(Norm attention_norm, norm(at + "attention.output.LayerNorm"));
    EDDY_ASSIGN(Dense widen, dense({at + "intermediate.dense"}, hidden_, intermediate));
    EDDY_ASSIGN(Dense narrow, dense({at + "output.dense"}, intermediate, hidden_));
    EDDY_ASSIGN(Norm output_norm, norm(at + "output.LayerNorm"));
    return Layer{std::move(attention), std::move(attention_output), std::move(attention_norm),
                 std::move(widen),     std::move(narrow),           std::move(output_norm)};
  }

 private:
  const SafetensorsFile& file_;
  const std::size_t hidden_;
  const std::string prefix_;
};

std::int64_t size(std::size_t value) {
  return static_cast<std::int64_t>(value);
}

at::Tensor product(const at::Tensor& x, const Dense& dense) {
  at::Tensor y = at::empty({x.size(0), size(dense.out)});
  dense.matrix.multiply(static_cast<std::size_t>(x.size(0)), x.data_ptr<float>(), y.data_ptr<float>());
  return y;
}

at::Tensor apply(const at::Tensor& x, const Dense& dense) {
  at::Tensor y = product(x, dense);
  return y.add_(at::from_blob(const_cast<float*>(dense.bias.data()), {size(dense.out)}));
}

at::Tensor apply_gelu(const at::Tensor& x, const Dense& dense) {
  at::Tensor y = product(x, dense);
  auto* row = y.data_ptr<float>();
  for (std::int64_t i = 0; i < y.size(0); ++i, row += dense.out)
    gelu_of_sum(dense.out, dense.bias.data(), row);
  return y;
}

}  // namespace

struct BertNetwork::Weights {
  BertShape shape;
  std::vector<float> words, positions, types;  // [rows × hidden]
  Norm embedding_norm;
  std::vector<Layer> layers;

  [[nodiscard]] at::Tensor normalized(const at::Tensor& x, const Norm& norm) const {
    return at::layer_norm(x, {size(shape.hidden)}, norm.scale, norm.shift, shape.layer_norm_epsilon);
  }

  /// The sums of the three tables' rows, for all tokens of all texts.
  [[nodiscard]] at::Tensor embedded(std::span<const std::vector<std::uint32_t>* const> texts) const {
    std::size_t tokens = 0;
    for (const auto* text : texts) tokens += text->size();
    at::Tensor x = at::empty({size(tokens), size(shape.hidden)});
    auto* row = x.data_ptr<float>();
    for (const auto* text : texts) {
      for (std::size_t position = 0; position < text->size(); ++position, row += shape.hidden) {
        const float* word = words.data() + (*text)[position] * shape.hidden;
        const float* place = positions.data() + position * shape.hidden;
        for (std::size_t i = 0; i < shape.hidden; ++i) row[i] = word[i] + types[i] + place[i];
      }
    }
    return normalized(x, embedding_norm);
  }

  /// What each token takes from the others of its text: [tokens × hidden]. Neighbours of one length at once.
  [[nodiscard]] at::Tensor attended(const at::Tensor& projected,
                                    std::span<const std::vector<std::uint32_t>* const> texts) const {
    const std::int64_t heads = size(shape.heads), width = size(shape.hidden / shape.heads);
    const double scale = 1 / std::sqrt(static_cast<double>(width));
    at::Tensor mixed = at::empty({projected.size(0), size(shape.hidden)});
    std::int64_t begin = 0;
    for (std::size_t first = 0; first < texts.size();) {
      const std::size_t length = texts[first]->size();
      std::size_t last = first + 1;
      while (last < texts.size() && texts[last]->size() == length) ++last;
      const std::int64_t count = size(last - first), rows = count * size(length);
      const at::Tensor parts = projected.narrow(0, begin, rows)
                                   .view({count, size(length), 3, heads, width})
                                   .permute({2, 0, 3, 1, 4});
      const at::Tensor weights = at::softmax(at::matmul(parts[0], parts[1].transpose(2, 3)).mul_(scale), -1);
      mixed.narrow(0, begin, rows)
          .copy_(at::matmul(weights, parts[2]).transpose(1, 2).reshape({rows, size(shape.hidden)}));
      begin += rows;
      first = last;
    }
    return mixed;
  }
};

Result<BertNetwork> BertNetwork::load(const BertShape& shape, const SafetensorsFile& file) {
  const TensorReader read(file, shape);
  auto weights = std::make_unique<Weights>();
  weights->shape = shape;
  EDDY_ASSIGN(weights->words, read.table("word_embeddings", shape.vocabulary));
  EDDY_ASSIGN(weights->positions, read.table("position_embeddings", shape.positions));
  EDDY_ASSIGN(weights->types, read.table("token_type_embeddings", shape.token_types));
  EDDY_ASSIGN(weights->embedding_norm, read.norm("embeddings.LayerNorm"));
  for (std::size_t i = 0; i < shape.layers; ++i) {
    EDDY_ASSIGN(Layer layer, read.layer(i, shape.intermediate));
    weights->layers.push_back(std::move(layer));
  }
  return BertNetwork(std::move(weights));
}

BertNetwork::BertNetwork(std::unique_ptr<const Weights> weights) : weights_(std::move(weights)) {}
BertNetwork::BertNetwork(BertNetwork&&) noexcept = default;
BertNetwork& BertNetwork::operator=(BertNetwork&&) noexcept = default;
BertNetwork::~BertNetwork() = default;

void BertNetwork::encode(std::span<const std::vector<std::uint32_t>* const> texts, float* means) const {
  if (texts.empty()) return;
  const c10::InferenceMode no_gradients;
  const Weights& own = *weights_;
  at::Tensor x = own.embedded(texts);
  for (const Layer& layer : own.layers) {
    const at::Tensor mixed = own.attended(apply(x, layer.attention), texts);
    x = own.normalized(apply(mixed, layer.attention_output).add_(x), layer.attention_norm);
    x = own.normalized(apply(apply_gelu(x, layer.widen), layer.narrow).add_(x), layer.output_norm);
  }
  const std::size_t hidden = own.shape.hidden;
  const auto* state = x.data_ptr<float>();
  for (const auto* text : texts) {
    std::fill_n(means, hidden, 0.0F);
    for (std::size_t token = 0; token < text->size(); ++token, state += hidden)
      for (std::size_t i = 0; i < hidden; ++i) means[i] += state[i];
    for (std::size_t i = 0; i < hidden; ++i) means[i] /= static_cast<float>(text->size());
    means += hidden;
  }
}

}  // namespace eddy

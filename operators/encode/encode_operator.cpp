#include "operators/encode/encode_operator.h"

#include <utility>
#include <variant>
#include <vector>

#include "base/metric.h"
#include "model/text/text_encoder.h"
#include "model/text/utterance_vectors.h"

namespace eddy {
namespace {

class EncodeOperator final : public Operator {
 public:
  explicit EncodeOperator(std::shared_ptr<const TextEncoder> encoder) : encoder_(std::move(encoder)) {}

  [[nodiscard]] Stage stage() const override { return Stage::kRecords; }

  Result<void> open(OperatorContext& context) override {
    if (!context.metrics) return {};
    encoded_ = &context.metrics->counter("eddy_encoded_utterances_total",
                                         "Utterances whose texts were made vectors.", {});
    return {};
  }

  Result<void> process(Batch& /*batch*/, std::span<Item* const> items) override {
    utterances_.clear();
    for (Item* item : items)
      if (auto* said = std::get_if<Utterance>(&item->event.body)) utterances_.push_back(said);
    EDDY_ASSIGN(const std::size_t encoded, add_vectors(utterances_, *encoder_));
    if (encoded_) encoded_->add(static_cast<double>(encoded));
    return {};
  }

 private:
  const std::shared_ptr<const TextEncoder> encoder_;
  Counter* encoded_ = nullptr;
  std::vector<Utterance*> utterances_;  // scratch memory
};

class EncodeFactory final : public OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override {
    return "Makes vectors of what was said, for models that were trained with --text bert.";
  }

  OptionSet options() override {
    OptionSet options("encode");
    options
        .add("encoder", &path_,
             "Directory of the text encoder, such as bundle/encoder of a bundle that was trained with it.")
        .required();
    return options;
  }

  void prepare(const ParamNode& node, std::vector<Error>& mistakes) override {
    auto loaded = TextEncoder::load(path_);
    if (loaded) {
      encoder_ = *std::move(loaded);
      return;
    }
    Error error = std::move(loaded).error();
    error.message = "encode: " + to_string(error);
    error.where = node.where;
    mistakes.push_back(std::move(error));
  }

  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    if (!encoder_) return internal_error("encode was created before its encoder was loaded");
    return make_encode_operator(encoder_);
  }

  [[nodiscard]] std::string encoder() const { return encoder_ ? encoder_->name() : std::string(); }

 private:
  std::string path_;
  std::shared_ptr<const TextEncoder> encoder_;
};

}  // namespace

std::unique_ptr<Operator> make_encode_operator(std::shared_ptr<const TextEncoder> encoder) {
  return std::make_unique<EncodeOperator>(std::move(encoder));
}

std::unique_ptr<OperatorFactory> make_encode_factory() {
  return std::make_unique<EncodeFactory>();
}

std::string encoder_of(const OperatorFactory& factory) {
  const auto* encode = dynamic_cast<const EncodeFactory*>(&factory);
  return encode == nullptr ? std::string() : encode->encoder();
}

}  // namespace eddy

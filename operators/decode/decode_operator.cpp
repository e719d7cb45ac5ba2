#include "operators/decode/decode_operator.h"

#include <cstdint>
#include <string>
#include <utility>

#include "operators/decode/json_event_reader.h"

namespace eddy {
namespace {

class DecodeOperator final : public Operator {
 public:
  DecodeOperator(const JsonEventLimits& limits, bool check_key) : reader_(limits), check_key_(check_key) {}

  [[nodiscard]] Stage stage() const override { return Stage::kRecords; }
  Result<void> open(OperatorContext& /*context*/) override { return {}; }

  Result<void> process(Batch& batch, std::span<Item* const> /*items*/) override {
    const auto& records = batch.records();
    batch.items.clear();
    batch.items.reserve(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const Record& record = records[i];
      Item& item = batch.items.emplace_back();
      item.record = static_cast<std::uint32_t>(i);
      auto read = reader_.read(batch.value(record), item.event);
      if (read && check_key_ && record.has_key && batch.key(record) != item.event.user.value()) {
        read = Error{Fault::kUser, Remedy::kDeadLetter, "the record's key is not the event's user", {}};
      }
      if (read) continue;
      if (read.error().remedy != Remedy::kDeadLetter) return std::move(read).error();
      batch.items.pop_back();
      batch.refuse(record, std::move(read.error().message));
    }
    return {};
  }

 private:
  JsonEventReader reader_;
  const bool check_key_;
};

class DecodeFactory final : public OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override {
    return "Reads events from JSON and refuses records that are none.";
  }

  OptionSet options() override {
    OptionSet options("decode");
    options.add("check_key", &check_key_, "Refuse records whose key is not the event's user.");
    options.add("max_record", &max_record_, {1024}, {std::uint64_t{64} << 20U}, "Largest record.");
    options.add("max_depth", &max_depth_, 4, 1024, "How deep objects and arrays may nest.");
    options.add("max_id_bytes", &max_id_bytes_, 16, 4096,
                "Longest id of a user, session, call, event or item.");
    options.add("max_tags", &max_tags_, 1, 65536, "Most tags of an action, and keywords of an utterance.");
    options.add("max_tag_bytes", &max_tag_bytes_, 1, 4096, "Longest tag or keyword.");
    options.add("max_text", &max_text_, {1}, {std::uint64_t{16} << 20U}, "Longest text of an utterance.");
    options.add("max_items", &max_items_, 1, 65536, "Most items of a purchase or portfolio.");
    options.add("max_embedding", &max_embedding_, 1, 65536, "Most numbers of an embedding.");
    return options;
  }

  void prepare(const ParamNode& /*node*/, std::vector<Error>& /*mistakes*/) override {}

  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    JsonEventLimits limits;
    limits.max_record_bytes = max_record_.bytes;
    limits.max_depth = static_cast<std::size_t>(max_depth_);
    limits.max_id_bytes = static_cast<std::size_t>(max_id_bytes_);
    limits.max_tags = static_cast<std::size_t>(max_tags_);
    limits.max_tag_bytes = static_cast<std::size_t>(max_tag_bytes_);
    limits.max_text_bytes = max_text_.bytes;
    limits.max_items = static_cast<std::size_t>(max_items_);
    limits.max_embedding = static_cast<std::size_t>(max_embedding_);
    return std::unique_ptr<Operator>(std::make_unique<DecodeOperator>(limits, check_key_));
  }

 private:
  static constexpr JsonEventLimits kDefaults{};
  bool check_key_ = true;
  ByteSize max_record_{kDefaults.max_record_bytes};
  std::int64_t max_depth_ = kDefaults.max_depth;
  std::int64_t max_id_bytes_ = kDefaults.max_id_bytes;
  std::int64_t max_tags_ = kDefaults.max_tags;
  std::int64_t max_tag_bytes_ = kDefaults.max_tag_bytes;
  ByteSize max_text_{kDefaults.max_text_bytes};
  std::int64_t max_items_ = kDefaults.max_items;
  std::int64_t max_embedding_ = kDefaults.max_embedding;
};

}  // namespace

std::unique_ptr<OperatorFactory> make_decode_factory() {
  return std::make_unique<DecodeFactory>();
}

}  // namespace eddy

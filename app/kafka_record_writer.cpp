#include "app/kafka_record_writer.h"

#include <array>
#include <string>
#include <utility>

#include "pipeline/kafka/kafka_sink.h"

namespace eddy {
namespace {

class KafkaRecordWriter final : public RecordWriter {
 public:
  Result<void> open(const KafkaOptions& cluster, const std::vector<InputChannel>& channels) {
    for (const InputChannel channel : channels) {
      auto& sink = sinks_[static_cast<std::size_t>(channel)];
      sink = std::make_unique<KafkaSink>(KafkaSinkOptions{cluster, std::string(channel_name(channel)), 0});
      EDDY_TRY(sink->open());
    }
    return {};
  }

  Result<void> write(InputChannel channel, std::string_view key, std::string_view record) override {
    return sinks_[static_cast<std::size_t>(channel)]->write(kAnyShard, key, record);
  }

  Result<void> finish() override {
    for (const auto& sink : sinks_) {
      if (!sink) continue;
      EDDY_TRY(sink->flush(kAnyShard));
      EDDY_TRY(sink->close());
    }
    return {};
  }

 private:
  static inline const ShardId kAnyShard{0};  // the sinks have no shards: the key decides

  std::array<std::unique_ptr<KafkaSink>, static_cast<std::size_t>(InputChannel::kCount)> sinks_;
};

}  // namespace

Result<std::unique_ptr<RecordWriter>> write_to_kafka(const KafkaOptions& cluster,
                                                     const std::vector<InputChannel>& channels) {
  auto writer = std::make_unique<KafkaRecordWriter>();
  EDDY_TRY(writer->open(cluster, channels));
  return std::unique_ptr<RecordWriter>(std::move(writer));
}

}  // namespace eddy

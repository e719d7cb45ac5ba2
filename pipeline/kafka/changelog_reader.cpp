#include "pipeline/kafka/changelog_reader.h"

#include <algorithm>
#include <utility>

#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {

struct ChangelogReader::Impl {
  KafkaOptions cluster;
  TopicPartition place;
  std::int64_t next = 0;
  std::int64_t visited = 0;
  ClientTroubles troubles;
  RdClient client;  // last: its callbacks use what stands above

  [[nodiscard]] std::string where() const { return place.first + "/" + std::to_string(place.second); }
};

ChangelogReader::ChangelogReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ChangelogReader::~ChangelogReader() {
  if (impl_->client != nullptr) rd_kafka_consumer_close(impl_->client.get());
}

Result<std::unique_ptr<ChangelogReader>> ChangelogReader::open(const KafkaOptions& cluster,
                                                               const std::string& topic,
                                                               std::int32_t partition,
                                                               std::chrono::milliseconds fetch_wait) {
  auto impl = std::make_unique<Impl>();
  impl->cluster = cluster;
  impl->place = {topic, partition};
  const std::map<std::string, std::string> defaults = {
      {"client.id", "eddy-changelog"},
      {"socket.keepalive.enable", "true"},
      {"fetch.wait.max.ms", std::to_string(fetch_wait.count())},
      {"queued.max.messages.kbytes", "32768"},
      {"group.id", "eddy-changelog"}};
  EDDY_ASSIGN(RdConf conf, make_conf(cluster, defaults,
                                     {{"enable.auto.commit", "false"},
                                      {"enable.auto.offset.store", "false"},
                                      {"auto.offset.reset", "error"},
                                      {"allow.auto.create.topics", "false"},
                                      {"enable.partition.eof", "true"},
                                      {"isolation.level", "read_committed"}}));
  rd_kafka_conf_set_opaque(conf.get(), &impl->troubles);
  rd_kafka_conf_set_error_cb(conf.get(),
                             [](rd_kafka_t* client, int code, const char* reason, void* troubles) {
                               static_cast<ClientTroubles*>(troubles)->on_client_error(client, code, reason);
                             });
  EDDY_ASSIGN(impl->client, make_client(RD_KAFKA_CONSUMER, std::move(conf), cluster));
  rd_kafka_poll_set_consumer(impl->client.get());
  return std::unique_ptr<ChangelogReader>(new ChangelogReader(std::move(impl)));
}

Result<ChangelogReader::Range> ChangelogReader::range() {
  rd_kafka_t* const client = impl_->client.get();
  EDDY_ASSIGN(const Positions first, offsets_of(client, {impl_->place}, TopicBeginning{}, impl_->cluster));
  EDDY_ASSIGN(const Positions end, offsets_of(client, {impl_->place}, TopicEnd{}, impl_->cluster));
  return Range{first.at(impl_->place), end.at(impl_->place)};
}

std::int64_t ChangelogReader::known_lag() const {
  std::int64_t first = 0, end = RD_KAFKA_OFFSET_INVALID;
  const auto code = rd_kafka_get_watermark_offsets(impl_->client.get(), impl_->place.first.c_str(),
                                                   impl_->place.second, &first, &end);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR || end < 0) return 0;
  return std::max<std::int64_t>(0, end - impl_->next);
}

Result<void> ChangelogReader::seek(std::int64_t offset) {
  impl_->next = offset;
  const Positions positions = {{impl_->place, offset}};
  const RdPartitionList list = partition_list({impl_->place}, &positions);
  const auto code = rd_kafka_assign(impl_->client.get(), list.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return kafka_error(code, "the changelog cannot be read", impl_->where());
}

Result<std::int64_t> ChangelogReader::poll(std::size_t most, std::chrono::milliseconds timeout,
                                           const Visit& visit) {
  int wait = static_cast<int>(timeout.count());
  for (std::size_t records = 0; records < most;) {
    const RdMessage message(rd_kafka_consumer_poll(impl_->client.get(), std::exchange(wait, 0)));
    if (message == nullptr) break;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      impl_->next = std::max(impl_->next, message->offset);
      break;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const char* const detail = rd_kafka_message_errstr(message.get());
      return kafka_error(message->err, "the changelog cannot be read", impl_->where(),
                         detail != nullptr ? detail : "");
    }
    const std::string_view key(static_cast<const char*>(message->key),
                               message->key != nullptr ? message->key_len : 0);
    std::optional<std::string_view> value;
    if (message->payload != nullptr) {
      value.emplace(static_cast<const char*>(message->payload), message->len);
    }
    impl_->visited = message->offset;
    EDDY_TRY(visit(key, value));
    impl_->next = message->offset + 1;
    ++records;
  }
  return impl_->next;
}

std::int64_t ChangelogReader::offset() const {
  return impl_->visited;
}

}  // namespace eddy

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "event/position.h"
#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/rd_handle.h"

namespace eddy {

struct TransactionalProducerOptions {
  KafkaOptions cluster;
  /// Who this is to the cluster: of two producers of one name the later fences the earlier.
  std::string transactional_id;
  /// The cluster aborts a transaction that is open for longer.
  std::chrono::milliseconds transaction_timeout{60'000};
};

/// One librdkafka producer and its transactions, one at a time:
///
///     open ─▶ ( begin ─▶ produce* ─▶ send_offsets ─▶ commit )*
///
/// Errors by what librdkafka says of them (docs/delivery.md has the table):
///
///     retriable   tried again with back-off, told to `on_retry`, until a wish to stop is heard
///     abortable   Remedy::kRewind; Remedy::kRelease where the group's generation has passed.
///                 The destructor aborts the transaction.
///     fatal       Remedy::kStop
///
/// For one thread at a time.
class TransactionalProducer {
 public:
  struct Callbacks {
    std::function<void(const Error&)> on_retry;  ///< must be set
    std::function<bool()> wants_stop;            ///< must be set; true: give up what is retried
  };

  /// Returns when an earlier producer of the name is fenced and its transaction finished. Error: also an
  /// interruption.
  static Result<std::unique_ptr<TransactionalProducer>> open(const TransactionalProducerOptions& options,
                                                             Callbacks callbacks);
  /// Aborts an open transaction if the cluster lets it; else the next producer of the name does.
  ~TransactionalProducer();
  TransactionalProducer(const TransactionalProducer&) = delete;
  TransactionalProducer& operator=(const TransactionalProducer&) = delete;

  [[nodiscard]] rd_kafka_t* client() const { return client_.get(); }
  [[nodiscard]] const ClientTroubles& troubles() const { return heard_.troubles; }
  /// A handle that must be let go before this.
  Result<RdTopic> topic(const std::string& name);

  Result<void> begin();

  struct Message {
    std::int32_t partition = RD_KAFKA_PARTITION_UA;  ///< unassigned: the key decides
    std::string_view key;
    std::optional<std::string_view> value;  ///< nothing: a deletion
    rd_kafka_headers_t* headers = nullptr;  ///< taken over if the call succeeds
    std::int64_t* offset = nullptr;         ///< set before commit() returns; must live until then
  };
  /// Copies key and value. Waits while the producer's queue is full.
  Result<void> produce(rd_kafka_topic_t* topic, const Message& message);

  /// The group's offsets become part of the transaction; returns when all of its messages are in the log.
  Result<void> send_offsets(const Positions& positions, const rd_kafka_consumer_group_metadata_t* group);
  /// Returns when all of the transaction is committed.
  Result<void> commit();

 private:
  explicit TransactionalProducer(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}
  /// What librdkafka's callbacks tell.
  struct Heard {
    ClientTroubles troubles;
    std::string unproven_topic;  ///< of a message of this transaction that may not be in the log; or empty
  };
  static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* heard);
  static Result<RdConf> configure(const TransactionalProducerOptions& options, Heard* heard);
  using Time = std::chrono::steady_clock::time_point;
  template <class Call>
  Result<void> settle(const char* what, Call call);
  /// Tells of the error; an error itself when nothing is to be tried again. `give_up_at` is set when the wish
  /// to stop is heard.
  Result<void> before_retry(Error error, Time& give_up_at);
  [[nodiscard]] Error fatal_error(const char* what) const;

  const Callbacks callbacks_;
  std::string id_;
  Heard heard_;
  bool is_in_transaction_ = false;
  bool is_fatal_ = false;
  RdClient client_;  // last: its callbacks use what stands above
};

}  // namespace eddy

#pragma once

#include <memory>

#include "base/result.h"
#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/rd_handle.h"

namespace eddy {

/// A client for questions and orders to a cluster, with what its brokers complain of. For one thread.
class AdminClient {
 public:
  /// Error: properties that are not accepted.
  static Result<std::unique_ptr<AdminClient>> connect(const KafkaOptions& cluster);

  [[nodiscard]] rd_kafka_t* client() const { return client_.get(); }
  [[nodiscard]] const ClientTroubles& troubles() const { return troubles_; }
  [[nodiscard]] const KafkaOptions& cluster() const { return cluster_; }

  /// Sends a request by `send(options, queue)`, and waits for its answer. Error: `failure`, and why.
  template <class Send>
  Result<RdEvent> answer(rd_kafka_admin_op_t operation, const char* failure, Send send) {
    const auto patience = static_cast<int>(cluster_.patience.count());
    const RdAdminOptions options(rd_kafka_AdminOptions_new(client_.get(), operation));
    char reason[512];
    const auto code =
        rd_kafka_AdminOptions_set_request_timeout(options.get(), patience, reason, sizeof reason);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(code, failure, {}, reason);
    const RdQueue queue(rd_kafka_queue_new(client_.get()));
    send(options.get(), queue.get());
    return wait_for(*queue, failure);
  }

 private:
  explicit AdminClient(const KafkaOptions& cluster) : cluster_(cluster) {}
  Result<RdEvent> wait_for(rd_kafka_queue_t& queue, const char* failure);

  const KafkaOptions cluster_;
  ClientTroubles troubles_;
  RdClient client_;  // last: its callbacks use what stands above
};

}  // namespace eddy

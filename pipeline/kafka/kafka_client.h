#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/annotated_mutex.h"
#include "base/result.h"
#include "pipeline/kafka/kafka_options.h"
#include "pipeline/kafka/rd_handle.h"

namespace eddy {

/// What a client's callbacks have to say, until someone asks. Thread-safe.
class ClientTroubles {
 public:
  /// From librdkafka's error callback. Losing single connections is librdkafka's own business; losing all of
  /// them, or the right to be there, is worth a line.
  void on_client_error(rd_kafka_t* client, int code, const char* reason);
  void push(Error error);
  [[nodiscard]] std::optional<Error> pop();
  /// The last sentence about a broker that could not be used; empty if there was none.
  [[nodiscard]] std::string last_reason() const;
  /// How often all brokers were down.
  [[nodiscard]] std::uint64_t times_all_down() const;

 private:
  mutable Mutex mutex_;
  std::deque<Error> errors_ EDDY_GUARDED_BY(mutex_);
  std::string last_reason_ EDDY_GUARDED_BY(mutex_);
  rd_kafka_resp_err_t last_code_ EDDY_GUARDED_BY(mutex_) = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::uint64_t times_all_down_ EDDY_GUARDED_BY(mutex_) = 0;
};

/// A configuration for a client: `defaults`, then the user's properties over them, then `owned`, which the
/// user may not set. Log lines of librdkafka go to spdlog. Error (user's): all properties that are unknown,
/// wrong or Eddy's own.
Result<RdConf> make_conf(const KafkaOptions& cluster, const std::map<std::string, std::string>& defaults,
                         const std::map<std::string, std::string>& owned);

/// A client of the configuration.
Result<RdClient> make_client(rd_kafka_type_t type, RdConf conf, const KafkaOptions& cluster);

/// Partition counts of those of the topics that exist. Never creates a topic.
/// Error: no broker answers in time (with the reason that `troubles` heard, after serving the client's
/// queue).
Result<std::map<std::string, std::int32_t>> partition_counts(rd_kafka_t* client,
                                                             const std::vector<std::string>& topics,
                                                             const KafkaOptions& cluster,
                                                             const ClientTroubles& troubles);

/// The error for topics that a configuration names and the cluster lacks.
Error topics_missing(const std::vector<std::string>& missing, const std::string& brokers);

}  // namespace eddy

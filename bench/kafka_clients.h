#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "pipeline/kafka/rd_handle.h"

namespace eddy::bench {

/// What the programs of this folder say when a broker refuses them: they stop, since a figure after an error
/// would be none.
class KafkaFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline void require(rd_kafka_resp_err_t code, const std::string& what) {
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw KafkaFailure(what + ": " + rd_kafka_err2str(code));
}

/// Takes the error over; null is success.
inline void require(rd_kafka_error_t* failed, const std::string& what) {
  const RdError error(failed);
  if (error != nullptr) throw KafkaFailure(what + ": " + rd_kafka_error_string(error.get()));
}

/// A client with these properties. Throws KafkaFailure.
inline RdClient make_client(rd_kafka_type_t type, const std::map<std::string, std::string>& properties) {
  RdConf conf(rd_kafka_conf_new());
  char reason[512];
  for (const auto& [name, value] : properties) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof reason) !=
        RD_KAFKA_CONF_OK) {
      throw KafkaFailure(reason);
    }
  }
  RdClient client(rd_kafka_new(type, conf.get(), reason, sizeof reason));
  if (client == nullptr) throw KafkaFailure(reason);
  static_cast<void>(conf.release());  // the client owns it now
  return client;
}

/// All partitions of the topics. Throws KafkaFailure, also where a topic does not exist.
inline RdPartitionList all_partitions(rd_kafka_t* client, const std::vector<std::string>& topics) {
  constexpr int kMilliseconds = 10'000;
  RdPartitionList list(rd_kafka_topic_partition_list_new(16));
  for (const std::string& name : topics) {
    const RdTopic topic(rd_kafka_topic_new(client, name.c_str(), nullptr));
    const rd_kafka_metadata_t* raw = nullptr;
    require(rd_kafka_metadata(client, 0, topic.get(), &raw, kMilliseconds), "no metadata of " + name);
    const RdMetadata metadata(raw);
    if (metadata->topic_cnt != 1 || metadata->topics[0].partition_cnt == 0)
      throw KafkaFailure("there is no topic " + name);
    for (int p = 0; p < metadata->topics[0].partition_cnt; ++p) {
      rd_kafka_topic_partition_list_add(list.get(), name.c_str(), p);
    }
  }
  return list;
}

}  // namespace eddy::bench

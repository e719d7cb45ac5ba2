#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace eddy {

/// Frees a librdkafka handle. Every handle of Eddy is owned by one of the types below: a topic-partition list
/// that is not freed holds its broker, and rd_kafka_destroy then hangs for ever.
template <auto kFree>
struct RdFree {
  template <class T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};

template <class T, auto kFree>
using RdHandle = std::unique_ptr<T, RdFree<kFree>>;

/// A consumer must be closed, and a producer flushed, before this is let go.
using RdClient = RdHandle<rd_kafka_t, rd_kafka_destroy>;
/// rd_kafka_new takes it over when it succeeds: release() it then.
using RdConf = RdHandle<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using RdPartitionList = RdHandle<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using RdMessage = RdHandle<rd_kafka_message_t, rd_kafka_message_destroy>;
using RdQueue = RdHandle<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using RdEvent = RdHandle<rd_kafka_event_t, rd_kafka_event_destroy>;
using RdError = RdHandle<rd_kafka_error_t, rd_kafka_error_destroy>;
using RdHeaders = RdHandle<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using RdGroupMetadata =
    RdHandle<rd_kafka_consumer_group_metadata_t, rd_kafka_consumer_group_metadata_destroy>;
/// Let go before its client.
using RdTopic = RdHandle<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using RdNewTopic = RdHandle<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using RdConfigResource = RdHandle<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using RdAdminOptions = RdHandle<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

/// rd_kafka_metadata gives a pointer to const, which its destructor takes.
struct RdMetadataFree {
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
using RdMetadata = std::unique_ptr<const rd_kafka_metadata_t, RdMetadataFree>;

}  // namespace eddy

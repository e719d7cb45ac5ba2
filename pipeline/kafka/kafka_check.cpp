#include "pipeline/kafka/kafka_check.h"

#include "pipeline/kafka/consumer_setup.h"
#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/start_positions.h"

namespace eddy {

Result<void> check_kafka_source(const KafkaSourceOptions& options) {
  EDDY_TRY(parse_topic_point(options.from));
  EDDY_TRY(consumer_conf(options, false));
  return {};
}

Result<void> check_kafka_sink(const KafkaSinkOptions& options) {
  EDDY_TRY(make_conf(options.cluster, {}, {{"enable.idempotence", "true"}}));
  return {};
}

}  // namespace eddy

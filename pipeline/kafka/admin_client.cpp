#include "pipeline/kafka/admin_client.h"

#include <utility>

namespace eddy {
namespace {

// What an answer takes beside the time that the cluster has for it.
constexpr int kGraceMilliseconds = 5'000;

}  // namespace

Result<std::unique_ptr<AdminClient>> AdminClient::connect(const KafkaOptions& cluster) {
  std::unique_ptr<AdminClient> admin(new AdminClient(cluster));
  EDDY_ASSIGN(RdConf conf, make_conf(cluster, {{"client.id", "eddy-admin"}}, {}));
  rd_kafka_conf_set_opaque(conf.get(), &admin->troubles_);
  rd_kafka_conf_set_error_cb(conf.get(),
                             [](rd_kafka_t* client, int code, const char* reason, void* troubles) {
                               static_cast<ClientTroubles*>(troubles)->on_client_error(client, code, reason);
                             });
  // Sources ask most, so that their properties are a consumer's; it joins no group.
  EDDY_ASSIGN(admin->client_, make_client(RD_KAFKA_CONSUMER, std::move(conf), cluster));
  return admin;
}

Result<RdEvent> AdminClient::wait_for(rd_kafka_queue_t& queue, const char* failure) {
  const auto patience = static_cast<int>(cluster_.patience.count());
  RdEvent event(rd_kafka_queue_poll(&queue, patience + kGraceMilliseconds));
  if (event == nullptr) return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, failure, cluster_.brokers);
  const auto code = rd_kafka_event_error(event.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return event;
  return kafka_error(code, failure, cluster_.brokers, rd_kafka_event_error_string(event.get()));
}

}  // namespace eddy

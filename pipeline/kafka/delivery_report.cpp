#include "pipeline/kafka/delivery_report.h"

namespace eddy {

bool is_in_log(const rd_kafka_message_t& delivered) {
  return delivered.err == RD_KAFKA_RESP_ERR_NO_ERROR && delivered.offset >= 0;
}

Error unproven_delivery(const std::string& topic) {
  return external_error(
      "a broker refused messages and accepted later ones, so that the refused ones may be missing; they are "
      "written again",
      topic, Remedy::kRewind);
}

}  // namespace eddy

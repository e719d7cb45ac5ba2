#include "pipeline/kafka/kafka_error.h"

namespace eddy {
namespace {

/// Whose fault a code is, and what a person can do; advice may be empty.
struct Diagnosis {
  Fault fault;
  const char* advice;
};

Diagnosis diagnose(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
      return {Fault::kExternal, "check that the brokers run, and that their addresses are right"};
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
      return {Fault::kUser, "check security.protocol, sasl.mechanism, user name and password"};
    case RD_KAFKA_RESP_ERR__SSL:
      return {Fault::kUser, "check security.protocol and the certificates"};
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return {Fault::kUser, "give this user the right on the cluster"};
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return {Fault::kUser, "'eddy topics create' makes the topics that a configuration names"};
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return {Fault::kUser, "raise message.max.bytes of the client and max.message.bytes of the topic"};
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return {Fault::kUser,
              "records were deleted before they were read: raise the topic's retention, and rebuild the "
              "state by a replay if they mattered"};
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
      return {Fault::kExternal,
              "the group gave the partitions away because nothing was polled for "
              "max.poll.interval.ms; they come back by themselves"};
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR__FENCED:
      return {Fault::kExternal, "another process took over this one's identity; stop one of them"};
    default:
      return {Fault::kExternal, ""};
  }
}

}  // namespace

bool is_retriable(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
    case RD_KAFKA_RESP_ERR__IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__RETRY:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
      return true;
    default:
      return false;
  }
}

Error kafka_error(rd_kafka_resp_err_t code, const std::string& what, const std::string& where,
                  const std::string& detail) {
  const Diagnosis diagnosis = diagnose(code);
  std::string message = what + ": " + (detail.empty() ? std::string(rd_kafka_err2str(code)) : detail);
  if (*diagnosis.advice != '\0') message += std::string("; ") + diagnosis.advice;
  return {diagnosis.fault, is_retriable(code) ? Remedy::kRetry : Remedy::kStop, std::move(message), where};
}

Error message_error(const rd_kafka_message_t& message, const std::string& brokers) {
  const char* topic = message.rkt != nullptr ? rd_kafka_topic_name(message.rkt) : nullptr;
  const std::string where =
      topic != nullptr ? std::string(topic) + "/" + std::to_string(message.partition) : brokers;
  const char* detail = rd_kafka_message_errstr(&message);
  return kafka_error(message.err, "the topic cannot be read", where, detail != nullptr ? detail : "");
}

}  // namespace eddy

#include "pipeline/kafka/kafka_client.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "pipeline/kafka/kafka_error.h"

namespace eddy {
namespace {

constexpr std::size_t kMostTroubles = 64;

/// librdkafka puts the refused value into its message; where the value may be a secret, the message is not
/// shown.
bool may_be_secret(const std::string& name) {
  for (const char* part : {"password", "secret", "pem", "jaas", "oauthbearer.config", "token"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

void log_line(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const auto severity = level <= 3   ? spdlog::level::err
                        : level == 4 ? spdlog::level::warn
                        : level <= 6 ? spdlog::level::info
                                     : spdlog::level::debug;
  spdlog::log(severity, "kafka client={} facility={} {}", client != nullptr ? rd_kafka_name(client) : "new",
              facility, text);
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string all;
  for (const std::string& part : parts) {
    if (!all.empty()) all += between;
    all += part;
  }
  return all;
}

}  // namespace

void ClientTroubles::on_client_error(rd_kafka_t* client, int number, const char* reason) {
  auto code = static_cast<rd_kafka_resp_err_t>(number);
  std::string detail = reason != nullptr ? reason : "";
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    char text[512];
    code = rd_kafka_fatal_error(client, text, sizeof text);
    Error error = kafka_error(code, "the Kafka client cannot go on", {}, text);
    error.remedy = Remedy::kStop;
    push(std::move(error));
    return;
  }
  const MutexLock lock(mutex_);
  if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    ++times_all_down_;
    const std::string why = last_reason_.empty() ? detail : detail + " (" + last_reason_ + ")";
    errors_.push_back(kafka_error(code, "no broker can be reached, trying on", {}, why));
  } else if (!detail.empty()) {
    last_reason_ = std::move(detail);
    if (!is_retriable(code) && code != last_code_) {
      // librdkafka goes on trying after any of these; a person has to know.
      Error error = kafka_error(code, "a broker refuses us, trying on", {}, last_reason_);
      error.remedy = Remedy::kRetry;
      errors_.push_back(std::move(error));
    }
    last_code_ = code;
  }
  if (errors_.size() > kMostTroubles) errors_.pop_front();
}

void ClientTroubles::push(Error error) {
  const MutexLock lock(mutex_);
  errors_.push_back(std::move(error));
}

std::optional<Error> ClientTroubles::pop() {
  const MutexLock lock(mutex_);
  if (errors_.empty()) return std::nullopt;
  // What stops the shard goes first.
  auto first =
      std::find_if(errors_.begin(), errors_.end(), [](const Error& e) { return e.remedy == Remedy::kStop; });
  if (first == errors_.end()) first = errors_.begin();
  Error error = std::move(*first);
  errors_.erase(first);
  return error;
}

std::string ClientTroubles::last_reason() const {
  const MutexLock lock(mutex_);
  return last_reason_;
}

std::uint64_t ClientTroubles::times_all_down() const {
  const MutexLock lock(mutex_);
  return times_all_down_;
}

Result<RdConf> make_conf(const KafkaOptions& cluster, const std::map<std::string, std::string>& defaults,
                         const std::map<std::string, std::string>& owned) {
  if (cluster.brokers.empty()) return user_error("no Kafka brokers are given (brokers: host:port)");
  RdConf conf(rd_kafka_conf_new());
  std::vector<std::string> mistakes;
  const auto set = [&](const std::string& name, const std::string& value) {
    char reason[512];
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof reason) == RD_KAFKA_CONF_OK)
      return;
    mistakes.push_back(may_be_secret(name) ? name + ": its value is not accepted" : std::string(reason));
  };
  for (const auto& [name, value] : defaults) set(name, value);
  for (const auto& [name, value] : cluster.properties) {
    if (name == "bootstrap.servers" || name == "metadata.broker.list") {
      mistakes.push_back(name + " is given as brokers");
    } else if (owned.contains(name)) {
      mistakes.push_back(name + " is set by Eddy itself (to '" + owned.at(name) + "')");
    } else {
      set(name, value);
    }
  }
  set("bootstrap.servers", cluster.brokers);
  for (const auto& [name, value] : owned) set(name, value);
  if (!mistakes.empty()) return user_error("Kafka properties are not accepted: " + joined(mistakes, "; "));
  rd_kafka_conf_set_log_cb(conf.get(), log_line);
  return conf;
}

Result<RdClient> make_client(rd_kafka_type_t type, RdConf conf, const KafkaOptions& cluster) {
  char reason[512];
  rd_kafka_t* client = rd_kafka_new(type, conf.get(), reason, sizeof reason);
  if (client == nullptr) {
    return user_error("the Kafka client does not start: " + std::string(reason), cluster.brokers);
  }
  static_cast<void>(conf.release());  // the client owns it now
  return RdClient(client);
}

Result<std::map<std::string, std::int32_t>> partition_counts(rd_kafka_t* client,
                                                             const std::vector<std::string>& topics,
                                                             const KafkaOptions& cluster,
                                                             const ClientTroubles& troubles) {
  // All topics are asked for: naming one that does not exist would let some brokers create it.
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code = rd_kafka_metadata(client, 1, nullptr, &raw, static_cast<int>(cluster.patience.count()));
  const RdMetadata metadata(raw);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_poll(client, 0);  // lets the error callback tell the reason
    const std::string reason = troubles.last_reason();
    Error error =
        kafka_error(code, "the Kafka cluster does not answer", cluster.brokers,
                    reason.empty() ? "" : std::string(rd_kafka_err2str(code)) + " (" + reason + ")");
    return error;
  }
  std::map<std::string, std::int32_t> counts;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const auto& topic = metadata->topics[i];
    if (std::find(topics.begin(), topics.end(), topic.topic) == topics.end()) continue;
    if (topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) continue;
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return kafka_error(topic.err, "the topic cannot be used", topic.topic);
    }
    counts[topic.topic] = topic.partition_cnt;
  }
  return counts;
}

Error topics_missing(const std::vector<std::string>& missing, const std::string& brokers) {
  return user_error((missing.size() == 1 ? "this topic does not exist: " : "these topics do not exist: ") +
                        joined(missing, ", ") +
                        "; 'eddy topics create' makes the topics that a configuration names",
                    brokers);
}

}  // namespace eddy

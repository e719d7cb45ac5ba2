#include "pipeline/kafka/open_transactions.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{5};
constexpr milliseconds kLongestPause{200};
constexpr std::chrono::seconds kLong{2};

/// What ListOffsets calls the end depends on the isolation: of finished transactions, or of all.
Result<RdClient> client_of(const OpenTransactions& of, const char* isolation) {
  EDDY_ASSIGN(RdConf conf, make_conf(of.cluster, {{"client.id", "eddy-transactions"}},
                                     {{"isolation.level", isolation}, {"group.id", of.group}}));
  return make_client(RD_KAFKA_CONSUMER, std::move(conf), of.cluster);
}

/// Whether the group's offsets are of finished transactions only: a broker does not answer before.
Result<void> ask_stable_offsets(rd_kafka_t* client, const OpenTransactions& of) {
  std::vector<TopicPartition> partitions;
  for (const std::string& topic : of.inputs) partitions.emplace_back(topic, of.shard);
  const RdPartitionList list = partition_list(partitions);
  constexpr int kAnswerMilliseconds = 1'000;  // short: until a transaction ends, each try times out
  const auto code = first_failure(rd_kafka_committed(client, list.get(), kAnswerMilliseconds), list.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return kafka_error(code, "the group's offsets are not known yet", of.group);
}

}  // namespace

Result<void> await_no_open_transaction(const OpenTransactions& of, const std::function<bool()>& wants_stop,
                                       const std::function<void(const Error&)>& on_wait) {
  EDDY_ASSIGN(const RdClient committed, client_of(of, "read_committed"));
  EDDY_ASSIGN(const RdClient uncommitted, client_of(of, "read_uncommitted"));
  const std::vector<TopicPartition> changelog = {{of.changelog, of.shard}};
  const auto began = std::chrono::steady_clock::now();
  bool has_told = false, are_offsets_stable = false;
  for (milliseconds pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    Error waits =
        external_error("a transaction of the shard's former owner is open, and ends within its timeout",
                       of.changelog + "/" + std::to_string(of.shard), Remedy::kRetry);
    // First the offsets: of a transaction that ends after this question all rows are in the log.
    if (!are_offsets_stable) {
      auto stable = ask_stable_offsets(committed.get(), of);
      are_offsets_stable = stable.has_value();
      if (!stable && stable.error().remedy != Remedy::kRetry) return stable;
      if (!stable) waits = std::move(stable).error();
    }
    if (are_offsets_stable) {
      EDDY_ASSIGN(const Positions all, offsets_of(uncommitted.get(), changelog, TopicEnd{}, of.cluster));
      EDDY_ASSIGN(const Positions finished, offsets_of(committed.get(), changelog, TopicEnd{}, of.cluster));
      if (finished.at(changelog[0]) >= all.at(changelog[0])) return {};
    }
    if (wants_stop()) return waits;
    if (!has_told && std::chrono::steady_clock::now() - began > kLong) {
      on_wait(waits);
      has_told = true;
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace eddy

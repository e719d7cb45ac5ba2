#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fakes/temporary_directory.h"
#include "fakes/test_broker.h"
#include "simulate/record_writer.h"

namespace eddy {

struct ProofWorkOptions {
  std::uint64_t seed = 1;
  std::size_t events = 100'000;
  std::size_t users = 20'000;
  /// What begin() puts into the topics, if that is less than all that is not held back; the test adds the
  /// rest.
  std::size_t at_first = std::numeric_limits<std::size_t>::max();
  std::string delivery = "exactly_once";
  std::string write_buffers = "64MiB";  ///< RocksDB's; small ones make many small files
};

/// One event of the work. Each has an id of its own and causes exactly one recommendation.
struct ProofRecord {
  InputChannel channel;
  std::string user, id, line;
};

/// How one process of the work is configured.
struct ProofProcess {
  std::string state;     ///< name of its state directory
  std::string instance;  ///< its group.instance.id; empty: membership that ends with the process
  int standby = 0;       ///< copies of others' shards
};

/// The standard work and some purchases, for three topics of four partitions, on a real broker; with the
/// configuration of the processes that do it. Throws std::runtime_error where the broker or the disk fails.
class ProofWork {
 public:
  static constexpr std::int32_t kPartitions = 4;

  ProofWork(const std::string& brokers, const ProofWorkOptions& options);

  /// Writes the records up to that number into the topics; returns when the broker has them.
  void produce_until(std::size_t count);
  void produce_all() { produce_until(records_.size()); }
  [[nodiscard]] std::size_t produced() const { return produced_; }
  [[nodiscard]] const std::vector<ProofRecord>& records() const { return records_; }

  /// A configuration file for `eddy run`.
  [[nodiscard]] std::filesystem::path write_configuration(const ProofProcess& process) const;
  /// Where the named state directory is, unless move_state() said otherwise.
  [[nodiscard]] std::filesystem::path state(const std::string& name) const;
  /// Puts the named state directory elsewhere: on another file system.
  void move_state(const std::string& name, std::filesystem::path path) { moved_[name] = std::move(path); }

  [[nodiscard]] std::filesystem::path directory() const { return directory_.path(); }
  [[nodiscard]] std::filesystem::path bundle() const { return directory_.path() / "bundle"; }
  [[nodiscard]] TestBroker& broker() { return broker_; }
  [[nodiscard]] const std::string& brokers() const { return brokers_; }
  [[nodiscard]] const std::string& group() const { return group_; }
  [[nodiscard]] const std::vector<std::string>& topics() const { return topics_; }
  [[nodiscard]] const std::string& recommendations() const { return recommendations_; }
  [[nodiscard]] const std::string& dead_letters() const { return dead_letters_; }
  [[nodiscard]] bool is_exactly_once() const { return options_.delivery == "exactly_once"; }

 private:
  void write_model() const;

  const ProofWorkOptions options_;
  const std::string brokers_;
  const TemporaryDirectory directory_;
  TestBroker broker_;
  std::string group_, recommendations_, dead_letters_, changelog_;
  std::vector<std::string> topics_;
  std::vector<ProofRecord> records_;
  std::size_t produced_ = 0;
  std::map<std::string, std::filesystem::path> moved_;
};

}  // namespace eddy

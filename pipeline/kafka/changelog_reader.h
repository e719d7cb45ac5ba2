#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// Reads one partition of a changelog, committed records only, outside of any consumer group. For one thread.
class ChangelogReader {
 public:
  /// `fetch_wait`: how long the broker keeps a fetch open that finds nothing new; where the end is waited
  /// for, short. Error: properties that are not accepted.
  static Result<std::unique_ptr<ChangelogReader>> open(
      const KafkaOptions& cluster, const std::string& topic, std::int32_t partition,
      std::chrono::milliseconds fetch_wait = std::chrono::milliseconds(10));
  ~ChangelogReader();
  ChangelogReader(const ChangelogReader&) = delete;
  ChangelogReader& operator=(const ChangelogReader&) = delete;

  struct Range {
    std::int64_t first = 0;  ///< the oldest record's offset
    std::int64_t end = 0;    ///< behind the last record of finished transactions
  };
  /// As the partition's leader says now. Error: it does not answer in time.
  Result<Range> range();

  /// Offsets between the next record and the log's end, as the last fetch told it.
  [[nodiscard]] std::int64_t known_lag() const;

  /// Where poll() goes on.
  Result<void> seek(std::int64_t offset);

  /// A row of the changelog; no value: it was deleted.
  using Visit = std::function<Result<void>(std::string_view key, std::optional<std::string_view> value)>;
  /// Hands over up to `most` records, waiting up to `timeout` for the first, and returns the offset to go on
  /// from. Markers of transactions are no records but have offsets, so the returned offset may be ahead of
  /// the last record. An error of `visit` comes back, and one whose remedy is kRetry has harmed nothing.
  Result<std::int64_t> poll(std::size_t most, std::chrono::milliseconds timeout, const Visit& visit);
  /// Within a visit: the offset of its record.
  [[nodiscard]] std::int64_t offset() const;

 private:
  struct Impl;
  explicit ChangelogReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "pipeline/source.h"

namespace eddy {

/// A source in memory: record n is what a function makes of n. Shard of a record: n modulo the number of
/// shards; its offset in its shard: n / shards. Resumes at the positions that it is given.
class GeneratedSource final : public Source {
 public:
  using Make = std::function<std::string(std::uint64_t n)>;

  /// `records`: how many there are before the end. `chunk`: the most that one poll hands over.
  GeneratedSource(std::uint64_t records, std::int32_t shards, Make make, std::uint64_t chunk = 100)
      : records_(records), shards_(shards), make_(std::move(make)), chunk_(chunk) {}

  Result<std::int32_t> open() override { return shards_; }

  Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds /*timeout*/) override {
    if (!is_assigned_) EDDY_TRY(assign(handler));
    if (is_paused_) return true;
    for (std::uint64_t i = 0; i < chunk_ && next_ < records_; ++i, ++next_) {
      const auto shard = static_cast<std::int32_t>(next_ % static_cast<std::uint64_t>(shards_));
      const auto offset = static_cast<std::int64_t>(next_ / static_cast<std::uint64_t>(shards_));
      if (offset < starts_[static_cast<std::size_t>(shard)]) continue;
      handler.on_record(ShardId(shard), {topic_, shard, offset}, {}, false, make_(next_));
      ++handed_over_;
    }
    return next_ < records_;
  }

  void pause() override { is_paused_ = true; }
  void resume() override { is_paused_ = false; }
  Result<void> committed(const Positions& positions) override {
    for (const auto& [where, offset] : positions) told_[where] = offset;
    return {};
  }
  void close() override {}

  [[nodiscard]] bool is_paused() const { return is_paused_; }
  [[nodiscard]] std::uint64_t handed_over() const { return handed_over_; }
  /// What committed() was told; read it after the run.
  [[nodiscard]] const Positions& told() const { return told_; }

 private:
  Result<void> assign(SourceHandler& handler) {
    is_assigned_ = true;
    starts_.assign(static_cast<std::size_t>(shards_), 0);
    for (std::int32_t shard = 0; shard < shards_; ++shard) {
      EDDY_ASSIGN(const Positions stored, handler.on_assigned(ShardId(shard)));
      const auto found = stored.find({topic_.str(), shard});
      if (found != stored.end()) starts_[static_cast<std::size_t>(shard)] = found->second;
    }
    return {};
  }

  const std::uint64_t records_;
  const std::int32_t shards_;
  const Make make_;
  const std::uint64_t chunk_;
  const TopicName topic_{"generated"};
  std::uint64_t next_ = 0;
  bool is_assigned_ = false;
  std::vector<std::int64_t> starts_;
  Positions told_;
  std::atomic<bool> is_paused_{false};
  std::atomic<std::uint64_t> handed_over_{0};
};

}  // namespace eddy

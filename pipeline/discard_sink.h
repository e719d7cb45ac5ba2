#pragma once

#include "pipeline/sink.h"

namespace eddy {

/// Outputs that nobody wants: they are made, counted and dropped.
class DiscardSink final : public Sink {
 public:
  Result<void> open() override { return {}; }
  Result<void> write(ShardId /*shard*/, std::string_view /*key*/, std::string_view /*value*/) override {
    return {};
  }
  Result<void> write_dead_letter(const DeadLetter& /*letter*/) override { return {}; }
  Result<void> flush(ShardId /*shard*/) override { return {}; }
  Result<void> close() override { return {}; }
};

}  // namespace eddy

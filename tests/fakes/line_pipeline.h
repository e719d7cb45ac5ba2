#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/metric.h"
#include "fakes/eventually.h"
#include "fakes/generated_source.h"
#include "fakes/line_operators.h"
#include "fakes/memory_sink.h"
#include "fakes/shared_store.h"
#include "pipeline/pipeline.h"
#include "state/store/memory_profile_store.h"

namespace eddy {

/// A whole pipeline in memory over lines "USER NUMBER". The stores and the sinks live through several runs.
class LinePipeline {
 public:
  PipelineOptions options;
  std::shared_ptr<MemorySink> out = std::make_shared<MemorySink>();
  std::shared_ptr<MemorySink> dead_letters = std::make_shared<MemorySink>();
  std::map<std::int32_t, std::shared_ptr<MemoryProfileStore>> stores;
  std::vector<OperatorStep> operators = {{"lines", read_lines()}, {"count", fold_and_count()}};
  std::unique_ptr<MetricRegistry> metrics;

  /// A pipeline over the source; `source` is told where it lives.
  std::unique_ptr<Pipeline> make(std::unique_ptr<GeneratedSource> from) {
    source = from.get();
    metrics = std::make_unique<MetricRegistry>();
    PipelineParts parts;
    parts.source = std::move(from);
    parts.sinks = {{"out", out}, {"dead_letters", dead_letters}};
    parts.operators = operators;
    parts.options = options;
    parts.metrics = metrics.get();
    parts.open_store = [this](ShardId shard, std::int32_t) -> Result<std::unique_ptr<ProfileStore>> {
      auto& store = stores[shard.value()];
      if (!store) store = std::make_shared<MemoryProfileStore>();
      return std::unique_ptr<ProfileStore>(std::make_unique<SharedStore>(store));
    };
    return std::make_unique<Pipeline>(std::move(parts));
  }

  /// All users' facts over all shards.
  std::map<std::string, Facts> facts() {
    std::map<std::string, Facts> all;
    for (auto& [shard, store] : stores) {
      ignore_error(store->for_each([&](const UserId& user, Facts&& facts_of_user) {
        all[user.value()] = std::move(facts_of_user);
        return true;
      }),
                   "a memory store does not fail");
    }
    return all;
  }

  GeneratedSource* source = nullptr;  ///< of the last make(); lives in the pipeline
};

}  // namespace eddy

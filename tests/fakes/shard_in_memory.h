#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "operators/operator_registry.h"
#include "state/store/hot_profiles.h"
#include "state/store/memory_profile_store.h"

namespace eddy {

/// A map of settings from names and values, as a YAML section would give it.
inline ParamNode settings(const std::vector<std::pair<std::string, std::string>>& values) {
  std::map<std::string, ParamNode> map;
  for (const auto& [name, value] : values) {
    ParamNode node;
    node.value = value;
    node.where = "test.yaml:1";
    map[name] = std::move(node);
  }
  ParamNode node;
  node.value = std::move(map);
  node.where = "test.yaml:1";
  return node;
}

/// One operator from its factory, with settings; the mistakes instead if there are any.
inline Result<std::unique_ptr<Operator>> make_operator(OperatorFactory& factory, const ParamNode& node) {
  std::vector<Error> mistakes;
  factory.options().read(node, mistakes);
  if (mistakes.empty()) factory.prepare(node, mistakes);
  if (!mistakes.empty()) return mistakes.front();
  return factory.create(ShardId(0));
}

/// Runs operators over batches as a shard does, rounds included, on a store in memory.
class ShardInMemory {
 public:
  ShardInMemory() : profiles_(store_, std::size_t{64} << 20U) {
    context_.shard = ShardId(0);
    context_.name = "under test";
    context_.clock = &system_clock();
    context_.profiles = &profiles_;
  }

  [[nodiscard]] OperatorContext& context() { return context_; }
  [[nodiscard]] HotProfiles& profiles() { return profiles_; }

  /// Opens an operator and appends it to the chain.
  Result<void> append(Result<std::unique_ptr<Operator>> made) {
    EDDY_ASSIGN(auto instance, std::move(made));
    EDDY_TRY(instance->open(context_));
    chain_.push_back(std::move(instance));
    return {};
  }

  /// A batch of these records, keyed by nothing, from topic "t", partition 0, offsets counted on.
  Batch batch(const std::vector<std::string>& values) {
    Batch batch{ShardId(0)};
    for (const std::string& value : values) {
      batch.add({TopicName("t"), 0, next_offset_++}, "", false, value, std::chrono::steady_clock::now());
    }
    return batch;
  }

  /// The whole chain over one batch.
  Result<void> run(Batch& batch) {
    EDDY_TRY(run_stage(Operator::Stage::kRecords, batch));
    EDDY_TRY(run_rounds(batch));
    for (Item& item : batch.items) item.profile = nullptr;
    return run_stage(Operator::Stage::kOutputs, batch);
  }

  /// The profile of a user, loaded or empty.
  Profile& profile(const std::string& user) {
    const UserId id(user);
    std::vector<Profile*> found;
    if (!profiles_.find(std::span(&id, 1), found)) std::abort();
    return *found.front();
  }

 private:
  Result<void> run_stage(Operator::Stage stage, Batch& batch) {
    for (const auto& instance : chain_) {
      if (instance->stage() != stage) continue;
      std::vector<Item*> items;
      for (Item& item : batch.items) items.push_back(&item);
      EDDY_TRY(instance->process(batch, items));
    }
    return {};
  }

  Result<void> run_rounds(Batch& batch) {
    std::vector<UserId> users;
    for (const Item& item : batch.items) users.push_back(item.event.user);
    std::vector<Profile*> found;
    EDDY_TRY(profiles_.find(users, found));
    std::map<Profile*, std::size_t> seen;
    std::vector<std::vector<Item*>> rounds;
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
      batch.items[i].profile = found[i];
      const std::size_t round = seen[found[i]]++;
      if (round == rounds.size()) rounds.emplace_back();
      rounds[round].push_back(&batch.items[i]);
    }
    for (const auto& round : rounds) {
      for (const auto& instance : chain_) {
        if (instance->stage() == Operator::Stage::kProfiles) EDDY_TRY(instance->process(batch, round));
      }
    }
    return {};
  }

  MemoryProfileStore store_;
  HotProfiles profiles_;
  OperatorContext context_;
  std::vector<std::unique_ptr<Operator>> chain_;
  std::int64_t next_offset_ = 0;
};

}  // namespace eddy

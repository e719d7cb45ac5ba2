#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <thread>

#include "app/graph_app.h"
#include "operators/builtin_operators.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {

/// A graph from YAML, as `eddy run` runs it, on a thread of its own. Stops and joins in stop() or when it
/// goes.
class RunningGraph {
 public:
  explicit RunningGraph(const std::string& yaml) {
    OperatorRegistry registry;
    EXPECT_TRUE(add_builtin_operators(registry));
    auto loaded = load_settings_text(yaml, "test.yaml", {}, registry);
    if (!loaded) {
      for (const Error& mistake : loaded.error()) ADD_FAILURE() << to_string(mistake);
      return;
    }
    auto made = GraphApp::make(std::move(*loaded));
    if (!made) {
      ADD_FAILURE() << to_string(made.error());
      return;
    }
    app_ = std::move(*made);
    thread_ = std::thread([this] {
      const auto result = app_->run();
      EXPECT_TRUE(result) << to_string(result.error());
      is_over_ = true;
    });
  }
  ~RunningGraph() { stop(); }
  RunningGraph(const RunningGraph&) = delete;
  RunningGraph& operator=(const RunningGraph&) = delete;

  /// Waits until that many records are committed; false if the graph ends or five minutes pass before.
  bool wait_for_commits(std::uint64_t records) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    while (app_ && app_->pipeline().committed_records() < records) {
      if (is_over_ || std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return app_ != nullptr;
  }
  void stop() {
    if (app_) app_->stop();
    join();
  }
  /// Waits for the end of a bounded source.
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] GraphApp& app() { return *app_; }

 private:
  std::unique_ptr<GraphApp> app_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

/// All profiles in a state directory, over all its shards.
inline std::map<std::string, Facts> stored_facts(const std::filesystem::path& state) {
  std::map<std::string, Facts> all;
  const StoreResources resources(StoreOptions{});
  const auto identity = StateDirectory::read_identity(state);
  EXPECT_TRUE(identity) << to_string(identity.error());
  for (std::int32_t shard = 0; identity && shard < identity->shards; ++shard) {
    const auto path = StateDirectory::shard_path(state, ShardId(shard));
    if (!std::filesystem::exists(path)) continue;
    auto store = RocksProfileStore::open_read_only(path, resources);
    EXPECT_TRUE(store) << to_string(store.error());
    const auto read = (*store)->for_each([&](const UserId& user, Facts&& facts) {
      EXPECT_TRUE(all.emplace(user.value(), std::move(facts)).second) << user.value() << " is in two shards";
      return true;
    });
    EXPECT_TRUE(read);
  }
  return all;
}

/// Every user's facts are equal, bit for bit.
inline void expect_same_facts(const std::map<std::string, Facts>& expected,
                              const std::map<std::string, Facts>& actual) {
  EXPECT_EQ(expected.size(), actual.size());
  std::size_t different = 0;
  for (const auto& [user, facts] : expected) {
    const auto found = actual.find(user);
    if ((found == actual.end() || !(found->second == facts)) && ++different < 5)
      ADD_FAILURE() << "facts differ: " << user;
  }
  EXPECT_EQ(different, 0U);
}

}  // namespace eddy

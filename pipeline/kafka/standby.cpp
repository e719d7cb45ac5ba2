#include "pipeline/kafka/standby.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "base/annotated_mutex.h"
#include "pipeline/kafka/admin_client.h"
#include "pipeline/kafka/changelog_reader.h"
#include "pipeline/kafka/changelog_restore.h"
#include "pipeline/kafka/changelog_topic.h"
#include "pipeline/kafka/group_members.h"
#include "pipeline/kafka/group_membership.h"
#include "pipeline/kafka/standby_plan.h"

namespace eddy {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::seconds kBetweenLooks{5};
constexpr std::chrono::seconds kBetweenLooksAtUnrest{1};
/// A copy may be so much older than the changelog.
constexpr std::chrono::milliseconds kBetweenSteps{100};
constexpr std::chrono::milliseconds kFetchWait{500};
constexpr std::chrono::seconds kAfterFailure{30};
/// Nobody waits for an answer about the group, but for the thread at the end.
constexpr std::chrono::seconds kPatience{5};

/// One shard's copy. Thread-safe: close() comes from whoever takes the shard.
class Follower {
 public:
  Follower(const StandbyOptions& options, const StandbyParts& parts, ShardId shard, std::int32_t shards)
      : options_(options), parts_(parts), shard_(shard), shards_(shards) {}

  /// Applies what is new. Returns whether there was anything; after an error it rests, then opens anew.
  Result<bool> step(SteadyTime now) {
    const MutexLock lock(mutex_);
    if (is_closed_ || now < rests_until_) return false;
    auto applied = store_ == nullptr ? open() : follow();
    if (applied) return applied;
    if (applied.error().remedy == Remedy::kRetry && reader_ != nullptr) {
      // Nothing of it was applied; what was read comes again.
      if (reader_->seek(next_)) return applied;
    }
    reader_.reset();
    store_.reset();
    rests_until_ = now + kAfterFailure;
    return applied;
  }

  void close() {
    const MutexLock lock(mutex_);
    is_closed_ = true;
    reader_.reset();
    store_.reset();
  }

  [[nodiscard]] std::uint64_t lag() const {
    const MutexLock lock(mutex_);
    return reader_ == nullptr ? 0 : static_cast<std::uint64_t>(reader_->known_lag());
  }

 private:
  Result<bool> open() EDDY_REQUIRES(mutex_) {
    EDDY_ASSIGN(const auto retention, changelog_retention(options_.cluster, options_.changelog));
    EDDY_ASSIGN(reader_,
                ChangelogReader::open(options_.cluster, options_.changelog, shard_.value(), kFetchWait));
    EDDY_ASSIGN(store_, parts_.open_store(shard_, shards_));
    EDDY_ASSIGN(const CatchUpStart start, begin_catch_up(*reader_, *store_, retention, *parts_.clock));
    next_ = start.from;
    warm_from_ = start.log.end;
    EDDY_TRY(reader_->seek(next_));
    tell_warm();
    return true;
  }

  Result<bool> follow() EDDY_REQUIRES(mutex_) {
    constexpr auto kNoEnd = std::numeric_limits<std::int64_t>::max();
    const std::int64_t before = next_;
    EDDY_ASSIGN(const AppliedRows applied, apply_next_rows(*reader_, *store_, next_, kNoEnd,
                                                           std::chrono::milliseconds(0), *parts_.clock));
    next_ = applied.next;
    tell_warm();
    return next_ != before;
  }

  void tell_warm() EDDY_REQUIRES(mutex_) {
    if (is_warm_ || next_ < warm_from_) return;
    is_warm_ = true;
    parts_.on_warm(shard_);
  }

  const StandbyOptions& options_;
  const StandbyParts& parts_;
  const ShardId shard_;
  const std::int32_t shards_;
  mutable Mutex mutex_;
  std::unique_ptr<ProfileStore> store_ EDDY_GUARDED_BY(mutex_);
  std::unique_ptr<ChangelogReader> reader_ EDDY_GUARDED_BY(mutex_);
  std::int64_t next_ EDDY_GUARDED_BY(mutex_) = 0;
  std::int64_t warm_from_ EDDY_GUARDED_BY(mutex_) = 0;
  bool is_warm_ EDDY_GUARDED_BY(mutex_) = false;
  bool is_closed_ EDDY_GUARDED_BY(mutex_) = false;
  SteadyTime rests_until_ EDDY_GUARDED_BY(mutex_);
};

using Followers = std::map<ShardId, std::shared_ptr<Follower>>;

}  // namespace

class StandbyShards::Impl : public std::enable_shared_from_this<StandbyShards::Impl> {
 public:
  Impl(StandbyOptions options, StandbyParts parts) : options_(std::move(options)), parts_(std::move(parts)) {
    options_.cluster.patience = kPatience;
  }

  void start() {
    thread_ = std::thread([this] { run(); });
  }

  void stop() {
    {
      const MutexLock lock(mutex_);
      is_stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  std::shared_ptr<void> take(ShardId shard) {
    std::shared_ptr<Follower> follower;
    {
      const MutexLock lock(mutex_);
      ++taken_[shard];
      const auto found = followers_.find(shard);
      if (found != followers_.end()) {
        follower = std::move(found->second);
        followers_.erase(found);
      }
    }
    if (follower) follower->close();
    return {nullptr, [self = shared_from_this(), shard](void*) { self->give_back(shard); }};
  }

 private:
  void give_back(ShardId shard) {
    {
      const MutexLock lock(mutex_);
      if (--taken_[shard] == 0) taken_.erase(shard);
      next_look_ = SteadyTime();
    }
    changed_.notify_all();
  }

  void run() {
    while (true) {
      const auto now = parts_.clock->steady_now();
      if (look_is_due(now)) look(now);
      const bool has_more = step_all(now);
      MutexLock lock(mutex_);
      if (is_stopping_) break;
      if (!has_more) changed_.wait_for(lock, kBetweenSteps);
    }
    const MutexLock lock(mutex_);
    for (auto& [shard, follower] : followers_) follower->close();
    followers_.clear();
  }

  bool look_is_due(SteadyTime now) {
    const MutexLock lock(mutex_);
    return now >= next_look_ && !is_stopping_;
  }

  void look(SteadyTime now) {
    {
      const MutexLock lock(mutex_);
      next_look_ = now + kBetweenLooksAtUnrest;
    }
    auto wanted = wanted_shards();
    if (!wanted) {
      parts_.on_error(wanted.error());
      admin_.reset();  // begins anew
    }
    const MutexLock lock(mutex_);
    if (!wanted || *wanted) next_look_ = std::max(next_look_, now + kBetweenLooks);
    if (!wanted || !*wanted) return;
    for (auto follower = followers_.begin(); follower != followers_.end();) {
      if ((*wanted)->contains(follower->first.value())) {
        ++follower;
        continue;
      }
      follower->second->close();
      follower = followers_.erase(follower);
    }
    for (const std::int32_t shard : **wanted) {
      const ShardId id(shard);
      if (taken_.contains(id) || followers_.contains(id)) continue;
      followers_[id] = std::make_shared<Follower>(options_, parts_, id, shards_);
    }
  }

  /// Nothing while the group is not at rest, or this process is not in it.
  Result<std::optional<std::set<std::int32_t>>> wanted_shards() {
    using Wanted = std::optional<std::set<std::int32_t>>;
    const std::string own = parts_.membership->member_id();
    if (own.empty()) return Wanted();
    if (admin_ == nullptr) {
      EDDY_ASSIGN(admin_, AdminClient::connect(options_.cluster));
    }
    if (shards_ == 0) {
      EDDY_ASSIGN(const auto counts, partition_counts(admin_->client(), {options_.changelog},
                                                      options_.cluster, admin_->troubles()));
      if (!counts.contains(options_.changelog)) {
        return topics_missing({options_.changelog}, options_.cluster.brokers);
      }
      shards_ = counts.at(options_.changelog);
    }
    EDDY_ASSIGN(auto group, describe_group(*admin_, options_.group));
    if (!group.is_at_rest) return Wanted();
    return Wanted(standby_shards(std::move(group.members), own, shards_));
  }

  /// Whether one of them had something new.
  bool step_all(SteadyTime now) {
    Followers followers;
    {
      const MutexLock lock(mutex_);
      followers = followers_;
    }
    bool has_more = false;
    std::uint64_t lag = 0;
    for (const auto& [shard, follower] : followers) {
      const auto applied = follower->step(now);
      if (!applied) parts_.on_error(applied.error());
      has_more |= applied && *applied;
      lag += follower->lag();
    }
    parts_.on_state(followers.size(), lag);
    return has_more;
  }

  StandbyOptions options_;
  const StandbyParts parts_;
  // The thread's own.
  std::unique_ptr<AdminClient> admin_;
  std::int32_t shards_ = 0;  // 0: not known yet

  Mutex mutex_;
  std::condition_variable_any changed_;
  Followers followers_ EDDY_GUARDED_BY(mutex_);
  std::map<ShardId, int> taken_ EDDY_GUARDED_BY(mutex_);  // leases out
  SteadyTime next_look_ EDDY_GUARDED_BY(mutex_);
  bool is_stopping_ EDDY_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

StandbyShards::StandbyShards(StandbyOptions options, StandbyParts parts)
    : impl_(std::make_shared<Impl>(std::move(options), std::move(parts))) {
  impl_->start();
}

StandbyShards::~StandbyShards() {
  impl_->stop();
}

std::shared_ptr<void> StandbyShards::take(ShardId shard) {
  return impl_->take(shard);
}

}  // namespace eddy

#include "pipeline/shard.h"

#include <algorithm>
#include <utility>

#include "pipeline/commit_times.h"

namespace eddy {
namespace {

using Ticks = std::chrono::steady_clock::duration;

double seconds_since(std::chrono::steady_clock::time_point start, const Clock& clock) {
  return std::chrono::duration<double>(clock.steady_now() - start).count();
}

/// Two units under way keep the committer busy; more would only make each smaller.
constexpr std::size_t kMostUnitsUnderWay = 2;

}  // namespace

Result<std::unique_ptr<Shard>> Shard::open(Parts parts) {
  std::unique_ptr<Shard> shard(new Shard(std::move(parts)));
  EDDY_TRY(shard->start());
  return shard;
}

Shard::Shard(Parts parts)
    : parts_(std::move(parts)),
      profiles_(std::make_unique<HotProfiles>(*parts_.store, parts_.hot_profiles_bytes)),
      sweep_(*profiles_, operators_, *parts_.clock),
      unit_due_(next_commit_time(parts_.clock->steady_now(), parts_.options.commit_interval)
                    .time_since_epoch()
                    .count()) {}

Shard::~Shard() {
  if (graph_) drain();
}

Result<void> Shard::start() {
  EDDY_ASSIGN(start_positions_, parts_.store->positions());
  {
    const MutexLock lock(profiles_mutex_);
    known_positions_ = start_positions_;
  }
  OperatorContext context;
  context.shard = parts_.id;
  context.clock = parts_.clock;
  context.profiles = profiles_.get();
  context.listener = parts_.listener;
  context.metrics = parts_.registry;
  EDDY_TRY(operators_.open(parts_.operators, context));

  Committer::Callbacks callbacks;
  callbacks.done = parts_.done;
  callbacks.failed = [this](Error error) { fail(std::move(error)); };
  callbacks.applied = [this](const UnitOfCommit& unit) {
    profiles_->unit_applied();
    --units_under_way_;
    parts_.committed(unit.positions);
  };
  callbacks.committed_in = [this](std::chrono::nanoseconds time) {
    parts_.metrics->commits.add();
    parts_.metrics->commit_time.observe(std::chrono::duration<double>(time).count());
  };
  committer_ = std::make_unique<Committer>(parts_.id, *parts_.delivery, *parts_.store, std::move(callbacks));
  graph_ = std::make_unique<FlowGraph>(
      *parts_.threads,
      std::vector<FlowGraph::Stage>{[this](Envelope& envelope) { records_stage(envelope); },
                                    [this](Envelope& envelope) { profiles_stage(envelope); },
                                    [this](Envelope& envelope) { outputs_stage(envelope); }});
  return {};
}

void Shard::start_at(const Positions& positions) {
  const MutexLock lock(profiles_mutex_);
  for (const auto& [where, offset] : positions) {
    next_positions_.push_back({TopicName(where.first), where.second, offset});
  }
}

void Shard::put(Envelope& envelope) {
  uncommitted_records_ += static_cast<std::int64_t>(envelope.batch.records().size());
  if (envelope.batch.records().empty()) tick_is_under_way_ = true;
  graph_->put(envelope);
}

std::chrono::steady_clock::time_point Shard::tick_due() const {
  using Time = std::chrono::steady_clock::time_point;
  if (tick_is_under_way_ || units_under_way_ >= kMostUnitsUnderWay) return Time::max();
  const Time sweep = sweep_.due();
  if (uncommitted_records_ <= 0 && !has_uncommitted_sweep_) return sweep;
  return std::min(sweep, Time(Ticks(unit_due_.load())));
}

void Shard::drain() {
  graph_->wait();
  committer_->wait();
}

void Shard::give_up() {
  has_failed_ = true;
  committer_->give_up();
}

void Shard::fail(Error error) {
  committer_->give_up();
  if (has_failed_.exchange(true)) return;
  parts_.failed(std::move(error));
}

void Shard::records_stage(Envelope& envelope) {
  if (has_failed_) return;
  const auto start = parts_.clock->steady_now();
  if (auto result = operators_.process(Operator::Stage::kRecords, envelope.batch); !result) {
    return fail(std::move(result).error());
  }
  parts_.metrics->consumed.add(static_cast<double>(envelope.batch.records().size()));
  parts_.metrics->events.add(static_cast<double>(envelope.batch.items.size()));
  parts_.metrics->records_stage.observe(seconds_since(start, *parts_.clock));
}

void Shard::profiles_stage(Envelope& envelope) {
  if (has_failed_) return;
  // A mutex is not fair: let one waiting question in between two batches.
  if (const int waiting = waiting_questions_.load(); waiting > 0) waiting_questions_.wait(waiting);
  const MutexLock lock(profiles_mutex_);
  const auto start = parts_.clock->steady_now();
  sweep_.between_batches();
  const bool is_tick = envelope.batch.records().empty();
  auto result = is_tick ? sweep(envelope) : process_profiles(envelope);
  if (!result) return fail(std::move(result).error());
  if (!is_tick) {
    parts_.metrics->profiles_stage.observe(seconds_since(start, *parts_.clock));
    parts_.metrics->refresh_latency.observe(seconds_since(envelope.batch.oldest(), *parts_.clock));
  }
  if (is_tick) tick_is_under_way_ = false;
  note_records(envelope);
  take_unit_if_due(envelope);
  profiles_->trim();
}

Result<void> Shard::process_profiles(Envelope& envelope) {
  auto& items = envelope.batch.items;
  users_.resize(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) users_[i] = items[i].event.user;
  EDDY_TRY(profiles_->find(users_, found_));
  for (std::size_t i = 0; i < items.size(); ++i) items[i].profile = found_[i];
  EDDY_TRY(rounds_.split(items, ++batch_number_, *profiles_));
  for (std::size_t r = 0; r < rounds_.size(); ++r)
    EDDY_TRY(operators_.process_round(envelope.batch, rounds_[r]));
  double refreshed = 0;
  for (Item& item : items) {
    item.profile = nullptr;  // it is no longer this batch's to touch
    if (item.recommendation.model) ++refreshed;
  }
  parts_.metrics->refreshes.add(refreshed);
  parts_.metrics->profile_hits.add(
      static_cast<double>(profiles_->hits() - std::exchange(hits_seen_, profiles_->hits())));
  parts_.metrics->profile_misses.add(
      static_cast<double>(profiles_->misses() - std::exchange(misses_seen_, profiles_->misses())));
  return {};
}

Result<void> Shard::sweep(Envelope& envelope) {
  if (envelope.wants_commit || units_under_way_ >= kMostUnitsUnderWay) return {};
  EDDY_ASSIGN(const ProfileSweep::Step step, sweep_.step(envelope.batch));
  if (step.wants_commit) has_uncommitted_sweep_ = true;
  parts_.metrics->swept_profiles.add(static_cast<double>(step.profiles));
  if (step.has_begun) parts_.metrics->sweeps_begun.add();
  if (step.has_ended) parts_.metrics->sweeps_ended.add();
  return {};
}

void Shard::note_records(const Envelope& envelope) {
  records_since_unit_ += static_cast<std::int64_t>(envelope.batch.records().size());
  bytes_since_unit_ += envelope.reserved_bytes;
  for (const Record& record : envelope.batch.records()) {
    const SourcePosition& read = record.position;
    const auto known =
        std::find_if(next_positions_.begin(), next_positions_.end(), [&](const SourcePosition& next) {
          return next.topic == read.topic && next.partition == read.partition;
        });
    if (known == next_positions_.end()) {
      next_positions_.push_back({read.topic, read.partition, read.offset + 1});
    } else {
      known->offset = std::max(known->offset, read.offset + 1);
    }
  }
}

void Shard::take_unit_if_due(Envelope& envelope) {
  const auto now = parts_.clock->steady_now();
  const bool is_due = now.time_since_epoch() >= Ticks(unit_due_.load()) ||
                      records_since_unit_ >= static_cast<std::int64_t>(parts_.options.commit_max_events) ||
                      bytes_since_unit_ >= parts_.unit_bytes;
  if (next_positions_.empty() && !has_uncommitted_sweep_) return;
  if (!envelope.wants_commit && (!is_due || units_under_way_ >= kMostUnitsUnderWay)) return;
  Positions positions;
  for (const SourcePosition& next : next_positions_) {
    positions[{next.topic.str(), next.partition}] = next.offset;
  }
  for (const auto& [where, offset] : positions) known_positions_[where] = offset;
  // A changelog knows a unit by its positions; one of a sweep alone says those of the unit before it again.
  if (next_positions_.empty()) positions = known_positions_;
  next_positions_.clear();
  has_uncommitted_sweep_ = false;
  envelope.unit = profiles_->take_unit(std::move(positions));
  ++units_under_way_;
  uncommitted_records_ -= std::exchange(records_since_unit_, 0);
  bytes_since_unit_ = 0;
  unit_due_ = next_commit_time(now, parts_.options.commit_interval).time_since_epoch().count();
}

void Shard::outputs_stage(Envelope& envelope) {
  if (!has_failed_) {
    const auto start = parts_.clock->steady_now();
    if (auto result = operators_.process(Operator::Stage::kOutputs, envelope.batch); !result) {
      fail(std::move(result).error());
    }
    parts_.metrics->dead_letters.add(static_cast<double>(envelope.batch.dead_letters.size()));
    parts_.metrics->outputs.add(static_cast<double>(envelope.batch.outputs.size()));
    parts_.metrics->outputs_stage.observe(seconds_since(start, *parts_.clock));
  }
  committer_->put(envelope);
}

Result<std::optional<Recommendation>> Shard::recommend(const UserId& user, EventTime& last_event) {
  ++waiting_questions_;
  const MutexLock lock(profiles_mutex_);
  --waiting_questions_;
  waiting_questions_.notify_all();
  std::vector<Profile*> found;
  EDDY_TRY(profiles_->find(std::span(&user, 1), found));
  if (const auto& identity = found[0]->facts.identified_as) {
    const UserId person = identity->user;
    EDDY_TRY(profiles_->find(std::span(&person, 1), found));
  }
  Profile& profile = *found[0];
  if (profile.facts.empty()) return std::optional<Recommendation>();
  last_event = last_event_time(profile.facts);
  if (last_event == EventTime::never()) last_event = EventTime{0};
  Recommendation recommendation;
  EDDY_TRY(operators_.recommend(profile, recommendation));
  profiles_->resized(&profile);
  return std::optional(std::move(recommendation));
}

}  // namespace eddy

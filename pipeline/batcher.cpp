#include "pipeline/batcher.h"

#include <algorithm>
#include <utility>

namespace eddy {
namespace {

/// What an event takes beside its bytes while it is under way: item, record, recommendation, output.
constexpr std::size_t kBytesBesideRecord = 1024;
/// A batch of few large records is full, too.
constexpr std::size_t kMostBatchBytes = 4ULL << 20U;

}  // namespace

Batcher::Batcher(const PipelineOptions& options, EnvelopePool& pool, FlowLimiter& limiter, Emit emit)
    : options_(options), pool_(pool), limiter_(limiter), emit_(std::move(emit)) {}

void Batcher::add(ShardId shard, SourcePosition position, std::string_view key, bool has_key,
                  std::string_view value, std::chrono::steady_clock::time_point now) {
  Envelope*& envelope = open_[shard];
  if (envelope == nullptr) envelope = &pool_.take(shard);
  const std::size_t bytes = key.size() + value.size() + kBytesBesideRecord;
  limiter_.reserve(bytes);
  envelope->reserved_bytes += bytes;
  envelope->batch.add(position, key, has_key, value, now);
  if (envelope->batch.records().size() >= options_.batch_events ||
      envelope->batch.bytes() >= kMostBatchBytes) {
    emit(shard, *envelope);
  }
}

void Batcher::emit_due(std::chrono::steady_clock::time_point now) {
  for (auto it = open_.begin(); it != open_.end();) {
    const auto [shard, envelope] = *it++;  // emit() erases
    if (envelope->batch.oldest() + options_.batch_wait <= now) emit(shard, *envelope);
  }
}

void Batcher::emit_last(ShardId shard) {
  const auto found = open_.find(shard);
  Envelope& envelope = found == open_.end() ? pool_.take(shard) : *found->second;
  envelope.wants_commit = true;
  emit(shard, envelope);
}

void Batcher::drop(ShardId shard) {
  const auto found = open_.find(shard);
  if (found == open_.end()) return;
  limiter_.release(found->second->reserved_bytes);
  pool_.give_back(*found->second);
  open_.erase(found);
}

std::chrono::steady_clock::time_point Batcher::next_due() const {
  auto due = std::chrono::steady_clock::time_point::max();
  for (const auto& [shard, envelope] : open_)
    due = std::min(due, envelope->batch.oldest() + options_.batch_wait);
  return due;
}

void Batcher::emit(ShardId shard, Envelope& envelope) {
  open_.erase(shard);
  emit_(shard, envelope);
}

}  // namespace eddy

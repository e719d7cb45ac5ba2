#include "pipeline/kafka/changelog_restore.h"

#include <algorithm>
#include <string>
#include <utility>

#include "pipeline/crash_point.h"
#include "state/store/changelog_row.h"

namespace eddy {
namespace {

constexpr std::size_t kRowsPerWrite = 8192;
constexpr std::size_t kRowsPerPoll = 1024;
constexpr std::size_t kBytesPerWrite = 8UL << 20U;
constexpr std::chrono::milliseconds kPollTime{200};

std::int64_t now_milliseconds(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch()).count();
}

}  // namespace

Result<bool> is_empty(ProfileStore& store) {
  bool is_empty = true;
  EDDY_TRY(store.for_each([&](const UserId&, Facts&&) { return is_empty = false; }));
  EDDY_ASSIGN(const Positions positions, store.positions());
  return is_empty && positions.empty();
}

Result<CatchUp> plan_catch_up(const std::optional<ChangelogMark>& mark, bool store_is_empty,
                              const ChangelogReader::Range& range, std::chrono::milliseconds delete_retention,
                              const Clock& clock) {
  if (!mark) {
    if (store_is_empty) return CatchUp::kFromBeginning;
    return user_error(
        "the state was made without a changelog (at_least_once); exactly_once needs a state directory that "
        "begins with it: give an empty one, and the input is read from the beginning");
  }
  if (mark->next > range.end) {
    return user_error("the state has followed the changelog up to offset " + std::to_string(mark->next) +
                      ", but it ends at " + std::to_string(range.end) +
                      " (the topic was deleted and made anew, or is another cluster's): point Eddy at the "
                      "topic and the state directory that belong together");
  }
  if (mark->next < range.first) return CatchUp::kRebuild;
  if (mark->next == range.end) return CatchUp::kFromMark;
  // Deletions that are older may be compacted away, and the store would keep what they deleted.
  const std::int64_t age = now_milliseconds(clock) - mark->stored_milliseconds;
  return age >= delete_retention.count() ? CatchUp::kRebuild : CatchUp::kFromMark;
}

Result<CatchUpStart> begin_catch_up(ChangelogReader& reader, ProfileStore& store,
                                    std::chrono::milliseconds delete_retention, const Clock& clock) {
  EDDY_ASSIGN(const auto range, reader.range());
  EDDY_ASSIGN(const auto mark, store.changelog());
  EDDY_ASSIGN(const bool store_is_empty, is_empty(store));
  EDDY_ASSIGN(const CatchUp plan, plan_catch_up(mark, store_is_empty, range, delete_retention, clock));
  if (plan == CatchUp::kRebuild) EDDY_TRY(store.clear());
  return CatchUpStart{plan == CatchUp::kFromMark ? mark->next : range.first, range};
}

Result<AppliedRows> apply_next_rows(ChangelogReader& reader, ProfileStore& store, std::int64_t next,
                                    std::int64_t end, std::chrono::milliseconds wait, const Clock& clock) {
  UnitOfCommit unit;
  std::size_t rows = 0, bytes = 0;
  const std::int64_t before = next;
  while (next < end && rows < kRowsPerWrite && bytes < kBytesPerWrite) {
    const std::size_t rows_before = rows;
    EDDY_ASSIGN(next, reader.poll(kRowsPerPoll, std::exchange(wait, std::chrono::milliseconds(0)),
                                  [&](std::string_view key, std::optional<std::string_view> value) {
                                    ++rows;
                                    bytes += key.size() + (value ? value->size() : 0);
                                    return add_changelog_row(key, value, unit);
                                  }));
    if (rows == rows_before) break;
  }
  if (next == before) return AppliedRows{next, 0};
  unit.changelog = ChangelogMark{next, now_milliseconds(clock)};
  crash_point("before_restore_write");
  EDDY_TRY(store.commit(unit));
  crash_point("after_restore_write");
  return AppliedRows{next, rows};
}

Result<std::uint64_t> apply_changelog(ChangelogReader& reader, ProfileStore& store, std::int64_t from,
                                      std::int64_t end, const Clock& clock, const CatchUpHooks& hooks) {
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(0, end - from));
  std::int64_t next = from;
  std::uint64_t rows = 0;
  EDDY_TRY(reader.seek(from));
  while (next < end) {
    if (hooks.wants_stop()) return external_error("stopped while the state was restored", {}, Remedy::kRetry);
    auto applied = apply_next_rows(reader, store, next, end, kPollTime, clock);
    if (!applied && applied.error().remedy != Remedy::kRetry) return std::move(applied).error();
    if (!applied) {
      hooks.on_retry(applied.error());
      // What was read and not applied comes again.
      EDDY_TRY(reader.seek(next));
      continue;
    }
    next = applied->next;
    rows += applied->rows;
    hooks.on_progress(std::min(static_cast<std::uint64_t>(next - from), total), total);
  }
  return rows;
}

}  // namespace eddy

#include "app/state/verify_store.h"

#include <utility>

#include "app/progress.h"
#include "app/read_changelog.h"
#include "app/state/row_text.h"
#include "pipeline/kafka/changelog_restore.h"
#include "state/store/changelog_image.h"
#include "state/store/changelog_row.h"
#include "state/store/key_codec.h"

namespace eddy {
namespace {

std::string numbered(std::uint64_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

Result<bool> has_rows(ProfileStore& store) {
  bool has_rows = false;
  EDDY_TRY(store.for_each([&](const UserId&, Facts&&) {
    has_rows = true;
    return false;
  }));
  EDDY_ASSIGN(const Positions positions, store.positions());
  return has_rows || !positions.empty();
}

/// Gathers the changelog, and counts its records behind the mark.
Result<std::uint64_t> gather(ShardId shard, ChangelogReader& reader, const ChangelogReader::Range& range,
                             std::int64_t mark, ChangelogImage& image) {
  std::uint64_t behind = 0;
  UnitOfCommit checked;  // add_changelog_row refuses what is no row
  const auto visit = [&](std::string_view key, std::optional<std::string_view> value) -> Result<void> {
    checked.profiles.clear();
    EDDY_TRY(add_changelog_row(key, value, checked));
    const bool is_before_mark = reader.offset() < mark;
    if (!is_before_mark) ++behind;
    return key == kLayoutKey ? Result<void>() : image.add(key, value, is_before_mark);
  };
  EDDY_TRY(read_changelog("read changelog of shard " + std::to_string(shard.value()), reader, range, visit));
  return behind;
}

Result<void> compare(ShardId shard, RocksProfileStore& store, ChangelogImage& image, std::size_t most,
                     Verification& result) {
  Progress bar("compare shard " + std::to_string(shard.value()), 0);
  const RowComparisonHooks hooks = {[&](const RowDifference& row) {
                                      if (result.differences.size() < most)
                                        result.differences.push_back(row_text(row));
                                    },
                                    [&](std::uint64_t keys) { bar.set(keys); }};
  const auto stored = store.rows();
  EDDY_ASSIGN(const auto logged, image.rows());
  EDDY_ASSIGN(result.rows, compare_rows(*stored, *logged, hooks));
  return {};
}

}  // namespace

Result<Verification> verify_store(ShardId shard, RocksProfileStore& store, ChangelogReader& reader,
                                  const VerifyOptions& options, const StoreResources& resources,
                                  const Clock& clock) {
  EDDY_ASSIGN(const auto range, reader.range());
  EDDY_ASSIGN(const auto mark, store.changelog());
  EDDY_ASSIGN(const bool store_has_rows, has_rows(store));
  EDDY_ASSIGN(const CatchUp plan, plan_catch_up(mark, !store_has_rows, range, options.retention, clock));
  Verification result;
  if (plan == CatchUp::kRebuild) {
    result.verdict = Verification::Verdict::kMissedTooMuch;
    return result;
  }
  EDDY_ASSIGN(const auto image, ChangelogImage::make(options.scratch, resources));
  const std::int64_t compared_up_to = mark ? mark->next : range.first;
  EDDY_ASSIGN(result.behind, gather(shard, reader, range, compared_up_to, *image));
  EDDY_TRY(compare(shard, store, *image, options.most_differences, result));
  using Verdict = Verification::Verdict;
  if (result.rows.differences > 0) {
    result.verdict = Verdict::kDifferent;
  } else if (!mark && result.behind > 0) {
    result.verdict = Verdict::kIsEmpty;
  }
  return result;
}

std::string to_text(ShardId shard, const Verification& verification) {
  const RowComparison& rows = verification.rows;
  std::string text = "shard " + std::to_string(shard.value()) + ": ";
  switch (verification.verdict) {
    case Verification::Verdict::kMissedTooMuch:
      return text +
             "cannot be compared: it was away for longer than the changelog keeps deletions, so eddy run "
             "makes "
             "it anew\n";
    case Verification::Verdict::kIsEmpty:
      return text + "empty; eddy run reads " + numbered(verification.behind, "record") +
             " of the changelog\n";
    case Verification::Verdict::kEqual:
      text += "equal, " + numbered(rows.equal, "row");
      break;
    case Verification::Verdict::kDifferent:
      text += numbered(rows.differences, "row") + " of " + std::to_string(rows.equal + rows.differences) +
              (rows.differences == 1 ? " differs" : " differ");
      break;
  }
  if (verification.behind > 0) {
    text += "; behind the changelog by " + numbered(verification.behind, "record") +
            ", which eddy run reads: " + numbered(rows.changed_since, "row") +
            " changed since and not compared";
  }
  text += '\n';
  for (const std::string& line : verification.differences) text += "  " + line + '\n';
  if (rows.differences > verification.differences.size()) {
    text += "  and " + std::to_string(rows.differences - verification.differences.size()) + " more\n";
  }
  return text;
}

}  // namespace eddy

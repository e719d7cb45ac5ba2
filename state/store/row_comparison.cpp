#include "state/store/row_comparison.h"

#include "state/store/changelog_image.h"
#include "state/store/key_codec.h"

namespace eddy {
namespace {

bool is_about_the_store(std::string_view key) {
  return key == kLayoutKey || key == kChangelogKey;
}

/// The cursors at the smaller of their two keys.
struct Step {
  bool in_store = false;
  bool in_image = false;
  bool is_known = false;  // the image knows what the key had at the mark
  RowDifference row;
};

Step step_at(const RowCursor& store, const RowCursor& image) {
  Step step;
  step.in_store = store.is_valid() && (!image.is_valid() || store.key() <= image.key());
  step.in_image = image.is_valid() && (!store.is_valid() || image.key() <= store.key());
  step.row.key = step.in_store ? store.key() : image.key();
  if (step.in_store) step.row.stored = store.value();
  step.is_known = !step.in_image || image.value().front() == ChangelogImage::kKnown;
  if (step.in_image) step.row.changed = image.value().substr(1);
  return step;
}

void count(Step& step, RowComparison& counts, const RowComparisonHooks& hooks) {
  if (step.in_store && is_about_the_store(step.row.key)) return;
  if (step.in_store) ++counts.rows;
  if (!step.is_known) {
    ++counts.changed_since;
    return;
  }
  if (step.in_store && step.in_image && step.row.stored == step.row.changed) {
    ++counts.equal;
    return;
  }
  ++counts.differences;
  using Kind = RowDifference::Kind;
  if (!step.in_store) step.row.kind = Kind::kMissing;
  if (!step.in_image) step.row.kind = Kind::kExtra;
  hooks.on_difference(step.row);
}

}  // namespace

Result<RowComparison> compare_rows(RowCursor& store, RowCursor& image, const RowComparisonHooks& hooks) {
  constexpr std::uint64_t kKeysPerReport = 4096;
  RowComparison counts;
  std::uint64_t keys = 0;
  while (store.is_valid() || image.is_valid()) {
    Step step = step_at(store, image);
    count(step, counts, hooks);
    if (step.in_store) store.next();
    if (step.in_image) image.next();
    // Else the rest of the other one would seem missing.
    if (!store.is_valid()) EDDY_TRY(store.status());
    if (!image.is_valid()) EDDY_TRY(image.status());
    if (++keys % kKeysPerReport == 0) hooks.on_progress(keys);
  }
  EDDY_TRY(store.status());
  EDDY_TRY(image.status());
  hooks.on_progress(keys);
  return counts;
}

}  // namespace eddy

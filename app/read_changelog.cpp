#include "app/read_changelog.h"

#include <algorithm>
#include <chrono>

#include "app/progress.h"

namespace eddy {
namespace {

constexpr std::size_t kRecordsPerPoll = 4096;
constexpr std::chrono::milliseconds kPollTime{200};
// Without news for so long, reading ends.
constexpr std::chrono::seconds kPatience{60};

}  // namespace

Result<void> read_changelog(const std::string& title, ChangelogReader& reader,
                            const ChangelogReader::Range& range, const ChangelogReader::Visit& visit) {
  if (range.first >= range.end) return {};
  Progress bar(title, static_cast<std::uint64_t>(range.end - range.first));
  const auto within_range = [&](std::string_view key, std::optional<std::string_view> value) {
    // What came after the question where it ends is not asked for.
    return reader.offset() < range.end ? visit(key, value) : Result<void>();
  };
  EDDY_TRY(reader.seek(range.first));
  auto last_news = std::chrono::steady_clock::now();
  for (std::int64_t next = range.first; next < range.end;) {
    const auto polled = reader.poll(kRecordsPerPoll, kPollTime, within_range);
    if (!polled && polled.error().remedy != Remedy::kRetry) return polled.error();
    const auto now = std::chrono::steady_clock::now();
    if (polled && *polled > next) {
      next = *polled;
      last_news = now;
      bar.set(static_cast<std::uint64_t>(std::min(next, range.end) - range.first));
    } else if (now - last_news > kPatience) {
      if (!polled) return polled.error();
      return external_error("the changelog's end does not come: check that the brokers run");
    }
  }
  bar.finish();
  return {};
}

}  // namespace eddy

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "event/event.h"
#include "import/tryg_contents.h"

namespace eddy::tryg {

/// What is not in the publication, and has to be made up or chosen.
struct ImportOptions {
  std::filesystem::path directory;  ///< of the published files
  std::filesystem::path scratch;    ///< where contents are put aside meanwhile
  EventTime begin{1577836800000};   ///< of the first event; 2020-01-01T00:00:00Z
  std::string encoder = "tryg-bert";
  bool with_embeddings = true;
  bool keywords_as_text = false;  ///< utterances' texts are their keywords, for models that read words
  bool listed_only = false;  ///< forget what was before a purchase that lists none of it, though it could
  bool allow_missing = false;
};

/// What was read and made.
struct ImportSummary {
  std::uint64_t users = 0, purchases = 0, sessions = 0, calls = 0;
  std::uint64_t actions = 0, utterances = 0, events = 0;
  std::uint64_t shorter_lists = 0;     ///< purchases that list less than the history that their events make
  std::uint64_t not_sellable = 0;      ///< purchases of an item that their post-filter lacks
  std::uint64_t unmatched_filter = 0;  ///< rows of the post-filter without a purchase: passed over
  ContentsCounts contents;
  std::uint64_t spooled_bytes = 0;
  EventTime last;
};

/// Hears of the work of each stage: "reading the published files" in stored bytes, "writing events" in rows.
using ImportProgress = std::function<void(const char* stage, std::uint64_t done, std::uint64_t total)>;
using EventTaker = std::function<Result<void>(const Event&)>;

/// Turns the published files into events, in order of time. Purchases come in the order of their ids, as the
/// publication's split has them, and before one its fresh interactions, row by row; times are made up:
///
///     { [forget] { action … | call_started utterance … call_ended } portfolio purchase }
///
/// Everything is read and checked before the first event. Errors (user's): those of find_files,
/// read_structure, read_post_filter and Contents; (external): the disk; and those of `take`.
Result<ImportSummary> import_files(const ImportOptions& options, const EventTaker& take,
                                   const ImportProgress& progress = {});

}  // namespace eddy::tryg

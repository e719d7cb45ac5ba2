#include "import/tryg_import.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace eddy::tryg {

namespace {

constexpr std::int64_t kBetweenRows = 5'000;  // milliseconds
constexpr std::int64_t kBetweenInteractions = 60'000;
constexpr std::uint64_t kRowsBetweenProgress = 256;

/// Whether it lists none of the earlier interactions, though it could.
bool begins_anew(const PurchaseEvent& purchase) {
  return purchase.listed_earlier == 0 && purchase.leaves_out_of(purchase.earlier);
}

/// Walks over structure and rows side by side and makes their events.
class Emitter {
 public:
  Emitter(const ImportOptions& options, const Structure& structure, Contents& contents,
          const EventTaker& take, const ImportProgress& progress, ImportSummary& summary)
      : options_(options),
        structure_(structure),
        contents_(contents),
        take_(take),
        progress_(progress),
        summary_(summary) {
    event_.time = options.begin;
  }

  Result<void> run() {
    for (const PurchaseEvent& purchase : structure_.purchases) {
      event_.user = UserId(structure_.users[purchase.user]);
      if (options_.listed_only && begins_anew(purchase)) {
        EDDY_TRY(emit(EventId(), Forget{}, kBetweenRows));
      }
      for (const Interaction& fresh : purchase.fresh) EDDY_TRY(emit_interaction(fresh));
      EDDY_TRY(emit_purchase(purchase));
    }
    summary_.last = EventTime{event_.time.milliseconds};
    if (progress_) progress_("writing events", contents_.rows().size(), contents_.rows().size());
    return {};
  }

 private:
  Result<void> emit(EventId id, EventBody body, std::int64_t after) {
    event_.time.milliseconds += after;
    event_.id = std::move(id);
    event_.body = std::move(body);
    ++summary_.events;
    return take_(event_);
  }

  Result<void> emit_interaction(const Interaction& fresh) {
    const std::uint32_t number = interaction_++;
    if (row_ == contents_.rows().size() || contents_.rows()[row_].interaction != number) return {};
    event_.time.milliseconds += kBetweenInteractions;
    ++(fresh.is_call ? summary_.calls : summary_.sessions);
    const std::string id = (fresh.is_call ? "c-" : "s-") + std::to_string(fresh.id);
    if (fresh.is_call) EDDY_TRY(emit(EventId(id + "-start"), CallStarted{CallId(id)}, kBetweenRows));
    while (row_ < contents_.rows().size() && contents_.rows()[row_].interaction == number) {
      EDDY_TRY(fresh.is_call ? emit_sentence(id) : emit_action(id));
      if (progress_ && row_ % kRowsBetweenProgress == 0)
        progress_("writing events", row_, contents_.rows().size());
    }
    if (fresh.is_call) EDDY_TRY(emit(EventId(id + "-end"), CallEnded{CallId(id)}, kBetweenRows));
    return {};
  }

  Result<void> emit_action(const std::string& session) {
    const ContentRow& row = contents_.rows()[row_++];
    Action action;
    action.session = SessionId(session);
    EDDY_TRY(contents_.read_names(row, action.tags));
    ++summary_.actions;
    return emit(EventId(session + "-" + std::to_string(row.number)), std::move(action), kBetweenRows);
  }

  /// From its row of keywords, its row of the embedding, or both.
  Result<void> emit_sentence(const std::string& call) {
    const ContentRow& first = contents_.rows()[row_];
    Utterance said;
    said.call = CallId(call);
    said.seq = first.number;
    said.speaker = first.speaker;
    for (; row_ < contents_.rows().size(); ++row_) {
      const ContentRow& row = contents_.rows()[row_];
      if (row.interaction != first.interaction || row.number != first.number) break;
      if (row.kind == RowKind::kKeywords) EDDY_TRY(contents_.read_names(row, said.keywords));
      if (row.kind == RowKind::kEmbedding) EDDY_TRY(contents_.read_embedding(row, said.embedding));
    }
    if (!said.embedding.empty()) said.encoder = options_.encoder;
    if (options_.keywords_as_text) {
      for (const std::string& keyword : said.keywords) said.text += (said.text.empty() ? "" : " ") + keyword;
    }
    ++summary_.utterances;
    return emit(EventId(call + "-" + std::to_string(said.seq)), std::move(said), kBetweenRows);
  }

  Result<void> emit_purchase(const PurchaseEvent& purchase) {
    const auto named = [](const std::vector<std::uint32_t>& items) {
      std::vector<ItemId> ids;
      ids.reserve(items.size());
      for (const std::uint32_t item : items) ids.emplace_back(std::to_string(item));
      return ids;
    };
    const std::string id = std::to_string(purchase.id);
    if (!purchase.sellable.empty()) {
      EDDY_TRY(emit(EventId("f-" + id), Portfolio{named(purchase.sellable)}, kBetweenRows));
    }
    return emit(EventId("p-" + id), eddy::Purchase{named(purchase.items)}, kBetweenRows);
  }

  const ImportOptions& options_;
  const Structure& structure_;
  Contents& contents_;
  const EventTaker& take_;
  const ImportProgress& progress_;
  ImportSummary& summary_;
  Event event_;
  std::uint32_t interaction_ = 0;
  std::size_t row_ = 0;
};

void count_purchases(const Structure& structure, bool listed_only, ImportSummary& summary) {
  summary.users = structure.users.size();
  summary.purchases = structure.purchases.size();
  std::vector<std::size_t> histories(structure.users.size());  // as the events make them
  for (const PurchaseEvent& purchase : structure.purchases) {
    std::size_t& history = histories[purchase.user];
    if (listed_only && begins_anew(purchase)) history = 0;
    summary.shorter_lists += purchase.leaves_out_of(history);
    history += purchase.fresh.size();
    summary.not_sellable +=
        !purchase.sellable.empty() && !std::includes(purchase.sellable.begin(), purchase.sellable.end(),
                                                     purchase.items.begin(), purchase.items.end());
  }
}

/// One count of bytes over all files.
class FilesProgress {
 public:
  FilesProgress(const std::vector<std::filesystem::path>& files, const ImportProgress& progress)
      : progress_(progress) {
    for (const auto& file : files) {
      std::error_code unknown;  // a file that cannot be seen is reported when it is opened
      const auto size = std::filesystem::file_size(file, unknown);
      total_ += unknown ? 0 : size;
    }
  }

  void operator()(std::uint64_t bytes) {
    // Fewer bytes than before: another file has begun.
    if (bytes < of_this_file_) before_ += of_this_file_;
    of_this_file_ = bytes;
    if (progress_) progress_("reading the published files", before_ + bytes, total_);
  }

 private:
  const ImportProgress& progress_;
  std::uint64_t total_ = 0, before_ = 0, of_this_file_ = 0;
};

}  // namespace

Result<ImportSummary> import_files(const ImportOptions& options, const EventTaker& take,
                                   const ImportProgress& progress) {
  EDDY_ASSIGN(const Files files, find_files(options.directory, options.with_embeddings));
  FilesProgress read(files.all(), progress);
  const ReadProgress hear = [&](std::uint64_t bytes) { read(bytes); };
  ImportSummary summary;
  EDDY_ASSIGN(Structure structure, read_structure(files.users, files.purchases, hear));
  EDDY_ASSIGN(summary.unmatched_filter,
              read_post_filter(files.post_filter, options.allow_missing, structure, hear));
  count_purchases(structure, options.listed_only, summary);
  EDDY_ASSIGN(Contents contents,
              Contents::read(files, structure, {options.scratch, options.allow_missing}, hear));
  summary.contents = contents.counts();
  summary.spooled_bytes = contents.spooled_bytes();
  EDDY_TRY(Emitter(options, structure, contents, take, progress, summary).run());
  return summary;
}

}  // namespace eddy::tryg

#include "import/tryg_contents.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <tuple>
#include <utility>

#include "import/csv_fields.h"
#include "import/csv_reader.h"

namespace eddy::tryg {

namespace {

constexpr std::uint32_t kRowsBetweenProgress = 256;
constexpr std::size_t kMostNames = 256;  // what events may hold
constexpr std::size_t kNamesGuess = 252;
constexpr std::size_t kEmbeddingBytes = kEmbeddingSize * sizeof(float);

auto place_of(const ContentRow& row) {
  return std::tuple(row.interaction, row.number, row.kind, row.file, row.line);
}

std::string name_of(const Interaction& interaction) {
  return (interaction.is_call ? "conversation " : "session ") + std::to_string(interaction.id);
}

Result<Speaker> read_speaker(const CsvReader& row, std::size_t field) {
  const std::string_view text = row.fields()[field];
  if (text == kCustomer) return Speaker::kCustomer;
  if (text == kAgent) return Speaker::kAgent;
  return row.field_error(field,
                         "a speaker is '" + std::string(kCustomer) + "' or '" + std::string(kAgent) + "'");
}

/// Names joined by commas, as they are put aside.
Result<void> read_list(const CsvReader& row, std::size_t field, std::string& names) {
  names.clear();
  std::size_t count = 0;
  return for_each_part(row, field, ',', [&](std::string_view part) -> Result<void> {
    EDDY_TRY(check_name(part));
    if (++count > kMostNames) return user_error("has more than " + std::to_string(kMostNames) + " names");
    if (count > 1) names += ',';
    names += part;
    return {};
  });
}

}  // namespace

/// Reads the files one after another, then checks what they say together.
class Contents::Reader {
 public:
  Reader(const Structure& structure, const ContentsOptions& options, const ReadProgress& progress,
         Contents& contents)
      : structure_(structure), options_(options), progress_(progress), contents_(contents) {}

  Result<void> read(const Files& files) {
    EDDY_TRY(read_file(files.sessions, RowKind::kAction, sessions_columns()));
    EDDY_TRY(read_file(files.keywords, RowKind::kKeywords, keywords_columns()));
    for (const auto& part : files.embeddings) {
      EDDY_TRY(read_file(part, RowKind::kEmbedding, embeddings_columns()));
    }
    EDDY_TRY(contents_.spool_.flush());
    auto& rows = contents_.rows_;
    const auto by_place = [](const ContentRow& a, const ContentRow& b) { return place_of(a) < place_of(b); };
    std::sort(rows.begin(), rows.end(), by_place);
    EDDY_TRY(check_rows());
    return check_interactions(!files.embeddings.empty());
  }

 private:
  Result<void> read_file(const std::filesystem::path& path, RowKind kind, std::vector<std::string> columns) {
    EDDY_ASSIGN(CsvReader row, CsvReader::open(path, std::move(columns)));
    files_.push_back(path.string());
    if (progress_) progress_(0);
    for (std::uint32_t rows = 1;; ++rows) {
      EDDY_ASSIGN(const bool has_row, row.next());
      if (progress_ && (!has_row || rows % kRowsBetweenProgress == 0)) progress_(row.bytes_read());
      if (!has_row) return {};
      EDDY_TRY(take(row, kind));
    }
  }

  Result<void> take(const CsvReader& row, RowKind kind) {
    const bool is_call = kind != RowKind::kAction;
    ContentRow content;
    EDDY_ASSIGN(const std::uint32_t id, read_whole_number(row, 0));
    EDDY_ASSIGN(content.number, read_whole_number(row, 1));
    if (is_call) {
      EDDY_ASSIGN(content.speaker, read_speaker(row, 2));
    }
    EDDY_TRY(kind == RowKind::kEmbedding ? read_numbers(row) : read_list(row, is_call ? 3 : 2, bytes_));
    const std::optional<std::uint32_t> interaction = structure_.number_of({is_call, id});
    if (!interaction) {
      ++contents_.counts_.unlisted_rows;
      if (options_.allow_missing) return {};
      return row.field_error(0, name_of({is_call, id}) + " is in no row of " + std::string(kUsersFile) +
                                    "; are the files of one copy? --allow-missing passes over such rows");
    }
    content.interaction = *interaction;
    content.kind = kind;
    content.line = row.line();
    content.file = static_cast<std::uint16_t>(files_.size() - 1);
    EDDY_ASSIGN(content.offset, contents_.spool_.append(bytes_));
    contents_.rows_.push_back(content);
    return {};
  }

  Result<void> read_numbers(const CsvReader& row) {
    constexpr std::size_t kFirst = 3;
    bytes_.resize(kEmbeddingBytes);
    for (std::size_t i = 0; i < kEmbeddingSize; ++i) {
      EDDY_ASSIGN(const float value, read_float(row, kFirst + i));
      std::memcpy(bytes_.data() + i * sizeof value, &value, sizeof value);
    }
    return {};
  }

  /// Neighbours say whether a row is there twice, or a sentence has two speakers.
  Result<void> check_rows() {
    const auto& rows = contents_.rows_;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const ContentRow &before = rows[i - 1], &row = rows[i];
      if (before.interaction != row.interaction || before.number != row.number) continue;
      const std::string what = row.kind == RowKind::kAction ? "action " : "sentence ";
      if (before.kind == row.kind) {
        return user_error(what + std::to_string(row.number) + " is there already, in " + place(before),
                          place(row));
      }
      if (before.speaker != row.speaker) {
        return user_error(what + std::to_string(row.number) + " has another speaker in " + place(before),
                          place(row));
      }
    }
    return {};
  }

  [[nodiscard]] std::string place(const ContentRow& row) const {
    return files_[row.file] + ":" + std::to_string(row.line);
  }

  /// Every listed interaction has rows.
  Result<void> check_interactions(bool with_embeddings) {
    std::size_t at = 0;
    std::uint32_t interaction = 0;
    for (const PurchaseEvent& purchase : structure_.purchases) {
      for (const Interaction& fresh : purchase.fresh) {
        const bool has_keywords = count_rows(interaction, at, with_embeddings);
        ++interaction;
        const bool is_complete = has_keywords && (has_embedding_ || !with_embeddings || !fresh.is_call);
        if (is_complete) continue;
        if (!has_keywords && !has_embedding_) ++contents_.counts_.empty_interactions;
        if (options_.allow_missing) continue;
        const std::string_view file = !fresh.is_call ? kSessionsFile
                                      : has_keywords ? kEmbeddingsFolder
                                                     : kKeywordsFile;
        return user_error(name_of(fresh) + " of user " + structure_.users[purchase.user] +
                              ", purchase event " + std::to_string(purchase.id) + ", has no row in " +
                              std::string(file) +
                              "; is a file or part cut off? --allow-missing goes on without",
                          std::string(kUsersFile));
      }
    }
    return {};
  }

  /// Goes over the interaction's rows; whether it has actions or keywords. Sets has_embedding_.
  bool count_rows(std::uint32_t interaction, std::size_t& at, bool with_embeddings) {
    const auto& rows = contents_.rows_;
    bool has_first_kind = false;
    has_embedding_ = false;
    while (at < rows.size() && rows[at].interaction == interaction) {
      const ContentRow& row = rows[at];
      const bool is_pair = at + 1 < rows.size() && rows[at + 1].interaction == interaction &&
                           rows[at + 1].number == row.number;
      if (row.kind == RowKind::kEmbedding) ++contents_.counts_.without_keywords;
      if (row.kind == RowKind::kKeywords && !is_pair && with_embeddings)
        ++contents_.counts_.without_embedding;
      has_first_kind |= row.kind != RowKind::kEmbedding;
      has_embedding_ |= row.kind == RowKind::kEmbedding || is_pair;
      at += is_pair ? 2 : 1;
    }
    return has_first_kind;
  }

  const Structure& structure_;
  const ContentsOptions& options_;
  const ReadProgress& progress_;
  Contents& contents_;
  std::vector<std::string> files_;
  std::string bytes_;
  bool has_embedding_ = false;
};

Result<Contents> Contents::read(const Files& files, const Structure& structure,
                                const ContentsOptions& options, const ReadProgress& progress) {
  EDDY_ASSIGN(ContentSpool spool, ContentSpool::open(options.scratch));
  Contents contents(std::move(spool));
  EDDY_TRY(Reader(structure, options, progress, contents).read(files));
  return contents;
}

Result<void> Contents::read_names(const ContentRow& row, std::vector<std::string>& names) {
  names.clear();
  EDDY_TRY(spool_.read(row.offset, kNamesGuess, bytes_));
  std::string_view rest = bytes_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

Result<void> Contents::read_embedding(const ContentRow& row, std::vector<float>& embedding) {
  EDDY_TRY(spool_.read(row.offset, kEmbeddingBytes, bytes_));
  if (bytes_.size() != kEmbeddingBytes) return internal_error("what was put aside is no embedding");
  embedding.resize(kEmbeddingSize);
  std::memcpy(embedding.data(), bytes_.data(), kEmbeddingBytes);
  return {};
}

}  // namespace eddy::tryg

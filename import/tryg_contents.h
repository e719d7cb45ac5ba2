#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "import/content_spool.h"
#include "import/tryg_format.h"
#include "import/tryg_structure.h"

namespace eddy::tryg {

/// From which kind of file a row is.
enum class RowKind : std::uint8_t { kAction, kKeywords, kEmbedding };

/// One row of the contents' files. What it holds is in the spool.
struct ContentRow {
  std::uint32_t interaction = 0;  ///< its number in the Structure
  std::uint32_t number = 0;       ///< of the action or sentence, as published
  std::uint64_t offset = 0;       ///< in the spool
  std::uint32_t line = 0;
  std::uint16_t file = 0;  ///< index of the file
  RowKind kind = RowKind::kAction;
  Speaker speaker = Speaker::kCustomer;  ///< of a sentence
};

struct ContentsOptions {
  std::filesystem::path scratch;  ///< directory of the spool
  bool allow_missing = false;     ///< pass over rows that no user lists, and interactions without rows
};

/// What is odd in the contents, where it is allowed.
struct ContentsCounts {
  std::uint64_t unlisted_rows = 0;       ///< of interactions that no user lists: passed over
  std::uint64_t empty_interactions = 0;  ///< listed, but without any row
  std::uint64_t without_keywords = 0;    ///< sentences that only the embeddings' files have
  std::uint64_t without_embedding = 0;   ///< sentences that only the keywords' file has
};

/// What was done and said in all interactions. In memory: 24 bytes a row, sorted; the rest on disk, as much
/// as 4 bytes a number and the bytes of keywords and tags.
class Contents {
 public:
  /// Reads and checks everything: rows may come in any order, over parts too. Error (user's), with file, line
  /// and column: a field that is not as published; a row that is there twice; a sentence of two speakers;
  /// and, unless they are allowed, rows that no user lists and listed interactions without rows.
  static Result<Contents> read(const Files& files, const Structure& structure, const ContentsOptions& options,
                               const ReadProgress& progress);

  /// By (interaction, number, kind).
  [[nodiscard]] const std::deque<ContentRow>& rows() const { return rows_; }
  /// The tags of an action, the keywords of a sentence. Error (external): the disk failed.
  Result<void> read_names(const ContentRow& row, std::vector<std::string>& names);
  /// The numbers of an embedding. Error (external).
  Result<void> read_embedding(const ContentRow& row, std::vector<float>& embedding);

  [[nodiscard]] const ContentsCounts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t spooled_bytes() const { return spool_.size(); }

 private:
  class Reader;
  explicit Contents(ContentSpool spool) : spool_(std::move(spool)) {}

  ContentSpool spool_;
  std::deque<ContentRow> rows_;
  ContentsCounts counts_;
  std::string bytes_;
};

}  // namespace eddy::tryg

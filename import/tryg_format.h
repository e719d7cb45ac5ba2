#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The files of the data set of arXiv 2405.04246 as they are published.
namespace eddy::tryg {

inline constexpr std::string_view kUsersFile = "data_users.csv";
inline constexpr std::string_view kPurchasesFile = "data_purchase_events.csv";
inline constexpr std::string_view kPostFilterFile = "data_post_filter.csv";
inline constexpr std::string_view kSessionsFile = "data_sessions.csv";
inline constexpr std::string_view kKeywordsFile = "data_conversations_keyword.csv";
inline constexpr std::string_view kEmbeddingsFolder = "data_conversations_embedding";  ///< a directory
inline constexpr std::size_t kEmbeddingSize = 768;
inline constexpr std::size_t kLongestList = 10;  ///< a purchase lists the latest interactions, ten at most

/// What a sentence's speaker is called there.
inline constexpr std::string_view kCustomer = "user";
inline constexpr std::string_view kAgent = "agent";

[[nodiscard]] std::vector<std::string> users_columns();
/// Of the purchases and of the post-filter.
[[nodiscard]] std::vector<std::string> items_columns();
[[nodiscard]] std::vector<std::string> sessions_columns();
[[nodiscard]] std::vector<std::string> keywords_columns();
/// The sentence's three, and embedding_1 … embedding_768.
[[nodiscard]] std::vector<std::string> embeddings_columns();
/// "data_conversations_embedding_7.csv"
[[nodiscard]] std::string embeddings_part(std::size_t number);

/// The file, or the same name with .gz if only that is there.
[[nodiscard]] std::filesystem::path plain_or_gzip(const std::filesystem::path& file);

/// Where the files of one copy are.
struct Files {
  std::filesystem::path users, purchases, post_filter, sessions, keywords;
  std::vector<std::filesystem::path> embeddings;  ///< the parts, in the order of their numbers

  /// All of them, in the order in which they are read.
  [[nodiscard]] std::vector<std::filesystem::path> all() const;
};

/// Finds the files, each plain or .gz. Error (user's): names every file that is missing; parts of the
/// embeddings are counted from 1 without gaps.
Result<Files> find_files(const std::filesystem::path& directory, bool with_embeddings);

}  // namespace eddy::tryg

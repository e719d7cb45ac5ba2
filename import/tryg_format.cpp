#include "import/tryg_format.h"

#include <charconv>
#include <map>
#include <optional>
#include <system_error>

namespace eddy::tryg {

namespace {

constexpr std::string_view kPartBegin = "data_conversations_embedding_";

bool is_there(const std::filesystem::path& file) {
  std::error_code ignored;  // what cannot be seen is reported as missing
  return std::filesystem::exists(file, ignored);
}

/// The number of a part by its name; nothing for other files.
std::optional<std::size_t> part_number(std::string_view name) {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  if (!name.starts_with(kPartBegin) || !name.ends_with(".csv")) return std::nullopt;
  name.remove_prefix(kPartBegin.size());
  name.remove_suffix(4);
  std::size_t number = 0;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (code != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

/// Adds the parts to `files`, and what is missing of them to `missing`.
void find_parts(const std::filesystem::path& directory, Files& files, std::vector<std::string>& missing) {
  std::map<std::size_t, std::filesystem::path> parts;
  std::error_code code;
  for (std::filesystem::directory_iterator entry(directory, code), end; !code && entry != end;
       entry.increment(code)) {
    if (const auto number = part_number(entry->path().filename().string())) parts[*number] = entry->path();
  }
  const std::size_t count = parts.empty() ? 1 : parts.rbegin()->first;
  for (std::size_t number = 1; number <= count; ++number) {
    if (!parts.contains(number))
      missing.push_back(std::string(kEmbeddingsFolder) + "/" + embeddings_part(number));
  }
  for (const auto& [number, path] : parts)
    files.embeddings.push_back(plain_or_gzip(directory / embeddings_part(number)));
}

}  // namespace

std::vector<std::string> users_columns() {
  return {"user_id", "purchase_event_id", "event_number", "conversation_id", "session_id"};
}

std::vector<std::string> items_columns() {
  return {"purchase_event_id", "item_id"};
}

std::vector<std::string> sessions_columns() {
  return {"session_id", "action_number", "action_tags"};
}

std::vector<std::string> keywords_columns() {
  return {"conversation_id", "sentence_number", "sentence_speaker", "keywords"};
}

std::vector<std::string> embeddings_columns() {
  std::vector<std::string> columns = {"conversation_id", "sentence_number", "sentence_speaker"};
  for (std::size_t i = 1; i <= kEmbeddingSize; ++i) columns.push_back("embedding_" + std::to_string(i));
  return columns;
}

std::string embeddings_part(std::size_t number) {
  return std::string(kPartBegin) + std::to_string(number) + ".csv";
}

std::filesystem::path plain_or_gzip(const std::filesystem::path& file) {
  return is_there(file) ? file : std::filesystem::path(file.string() + ".gz");
}

std::vector<std::filesystem::path> Files::all() const {
  std::vector<std::filesystem::path> paths = {users, purchases, post_filter, sessions, keywords};
  paths.insert(paths.end(), embeddings.begin(), embeddings.end());
  return paths;
}

Result<Files> find_files(const std::filesystem::path& directory, bool with_embeddings) {
  Files files;
  std::vector<std::string> missing;
  const auto find = [&](std::string_view name) {
    std::filesystem::path path = plain_or_gzip(directory / name);
    if (!is_there(path)) missing.emplace_back(name);
    return path;
  };
  files.users = find(kUsersFile);
  files.purchases = find(kPurchasesFile);
  files.post_filter = find(kPostFilterFile);
  files.sessions = find(kSessionsFile);
  files.keywords = find(kKeywordsFile);
  if (with_embeddings) find_parts(directory / kEmbeddingsFolder, files, missing);
  if (missing.empty()) return files;
  std::string names;
  for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + name;
  return user_error("missing: " + names + " (or with .gz); get the whole publication of arXiv 2405.04246" +
                        (with_embeddings && missing.size() == 1 && missing[0].starts_with(kEmbeddingsFolder)
                             ? "; --no-embeddings goes on without them"
                             : ""),
                    directory.string());
}

}  // namespace eddy::tryg

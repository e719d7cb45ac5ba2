#pragma once

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fakes/temporary_directory.h"
#include "import/tryg_format.h"
#include "import/tryg_import.h"

namespace eddy {

/// The rows of a CSV file with its header.
inline std::string csv(const std::vector<std::string>& columns, const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ",") + column;
  for (const std::string& row : rows) text += "\n" + row;
  return text + "\n";
}

/// A sentence of data_conversations_embedding: its 768 numbers are `first` and zeros.
inline std::string embedding_row(const std::string& sentence, const std::string& first) {
  std::string row = sentence + "," + first;
  for (std::size_t i = 1; i < tryg::kEmbeddingSize; ++i) row += ",0";
  return row;
}

/// A small copy of the publication that is right, to be broken by tests. Two users: user 1 bought after a
/// conversation; user 2 after a session and, later, after a conversation, that time listing the session
/// again.
class PublishedFiles {
 public:
  PublishedFiles() {
    std::filesystem::create_directory(path() / tryg::kEmbeddingsFolder);
    write_users({"1,20,1,7.0,", "2,10,1,,5.0", "2,30,1,,5.0", "2,30,2,8.0,"});
    write(tryg::kPurchasesFile, csv(tryg::items_columns(), {"20,4", "30,2", "10,4", "30,18"}));
    write(tryg::kPostFilterFile,
          csv(tryg::items_columns(), {"10,1", "10,4", "20,4", "20,18", "20,2", "30,2", "30,18"}));
    write_sessions({"5,1,\"11,12\"", "5,2,13", "5,3,"});
    write_keywords({"7,1,agent,", "7,2,user,\"101, 102\"", "8,1,user,103"});
    // Parts and rows out of order.
    write_embeddings(1, {embedding_row("8,1,user", "0.5"), embedding_row("7,2,user", "-1.25e-1")});
    write_embeddings(2, {embedding_row("7,1,agent", "3")});
  }

  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }

  void write(const std::filesystem::path& name, const std::string& text) const {
    std::ofstream(path() / name) << text;
  }
  void write_users(const std::vector<std::string>& rows) const {
    write(tryg::kUsersFile, csv(tryg::users_columns(), rows));
  }
  void write_sessions(const std::vector<std::string>& rows) const {
    write(tryg::kSessionsFile, csv(tryg::sessions_columns(), rows));
  }
  void write_keywords(const std::vector<std::string>& rows) const {
    write(tryg::kKeywordsFile, csv(tryg::keywords_columns(), rows));
  }
  void write_embeddings(std::size_t part, const std::vector<std::string>& rows) const {
    write(std::filesystem::path(tryg::kEmbeddingsFolder) / tryg::embeddings_part(part),
          csv(tryg::embeddings_columns(), rows));
  }
  void remove(const std::filesystem::path& name) const { std::filesystem::remove(path() / name); }
  /// Replaces the file by its compressed form.
  void compress(const std::filesystem::path& name) const {
    std::ifstream in(path() / name, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    gzFile out = ::gzopen((path() / (name.string() + ".gz")).c_str(), "wb");
    ::gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    ::gzclose(out);
    remove(name);
  }

  [[nodiscard]] tryg::ImportOptions options() const {
    tryg::ImportOptions options;
    options.directory = path();
    options.scratch = path();
    return options;
  }

 private:
  TemporaryDirectory directory_;
};

/// What an import gives, event by event.
struct Imported {
  std::vector<Event> events;
  tryg::ImportSummary summary;
  Error error;  ///< empty message: none
};

inline Imported import_events(const tryg::ImportOptions& options) {
  Imported imported;
  auto summary = tryg::import_files(options, [&](const Event& event) -> Result<void> {
    imported.events.push_back(event);
    return {};
  });
  if (summary) {
    imported.summary = *summary;
  } else {
    imported.error = summary.error();
  }
  return imported;
}

}  // namespace eddy

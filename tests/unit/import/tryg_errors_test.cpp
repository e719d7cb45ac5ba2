// Everything that can be wrong in the published files is one clear error with file, line and column, before
// the first event.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "published_files.h"

namespace eddy {
namespace {

using testing::HasSubstr;

struct Broken {
  const char* name;
  std::function<void(const PublishedFiles&)> make;
  std::string where;              ///< the end of the error's place
  std::vector<std::string> says;  ///< parts of its message
};

const std::string kPart1 = "data_conversations_embedding/data_conversations_embedding_1.csv";

std::vector<Broken> all_broken() {
  using Files = const PublishedFiles&;
  return {
      {"a file is missing",
       [](Files f) {
         f.remove(tryg::kSessionsFile);
         f.remove(tryg::kPostFilterFile);
       },
       "",
       {"missing: data_post_filter.csv, data_sessions.csv", "get the whole publication"}},
      {"no embeddings",
       [](Files f) { std::filesystem::remove_all(f.path() / tryg::kEmbeddingsFolder); },
       "",
       {kPart1, "--no-embeddings"}},
      {"a part is missing", [](Files f) { f.remove(kPart1); }, "", {"missing: " + kPart1}},
      {"a column is missing",
       [](Files f) { f.write(tryg::kSessionsFile, "session_id,action_number\n5,1\n"); },
       "data_sessions.csv:1",
       {"the column 'action_tags' is missing", "session_id,action_number,action_tags"}},
      {"a number of the embedding is missing",
       [](Files f) {
         std::vector<std::string> columns = tryg::embeddings_columns();
         columns.erase(columns.begin() + 500);
         f.write(kPart1, csv(columns, {}));
       },
       kPart1 + ":1",
       {"the column 'embedding_498' is missing"}},
      {"a row is cut off",
       [](Files f) {
         f.write_sessions({"5,1,11", "5"});
       },
       "data_sessions.csv:3",
       {"has 1 fields, but the header has 3", "cut off"}},
      {"no number",
       [](Files f) {
         f.write_users({"1,20,1,7.0,", "2,x,1,,5.0"});
       },
       "data_users.csv:3",
       {"column 'purchase_event_id': 'x' is not a whole number"}},
      {"no id",
       [](Files f) { f.write_users({",20,1,7.0,"}); },
       "data_users.csv:2",
       {"column 'user_id': is empty"}},
      {"both kinds",
       [](Files f) { f.write_users({"1,20,1,7.0,5.0"}); },
       "data_users.csv:2",
       {"column 'session_id'", "either a conversation or a session", "both"}},
      {"neither kind", [](Files f) { f.write_users({"1,20,1,,"}); }, "data_users.csv:2", {"neither"}},
      {"a purchase of two users",
       [](Files f) {
         f.write_users({"1,20,1,7.0,", "2,20,2,8.0,"});
       },
       "data_users.csv:3",
       {"column 'purchase_event_id': purchase event 20 is of user 1", "of 2 in this one"}},
      {"a session of two users",
       [](Files f) {
         f.write_users({"1,20,1,,5.0", "2,30,2,,5.0"});
       },
       "data_users.csv:3",
       {"column 'session_id': session 5 is of user 1"}},
      {"a session twice",
       [](Files f) {
         f.write_users({"1,20,1,,5.0", "1,20,2,,5.0"});
       },
       "data_users.csv:3",
       {"session 5 is there twice"}},
      {"two at one place",
       [](Files f) {
         f.write_users({"1,20,1,,5.0", "1,20,1,7,"});
       },
       "data_users.csv:3",
       {"column 'event_number': two interactions", "number 1"}},
      {"no users", [](Files f) { f.write_users({}); }, "data_users.csv", {"there are no users"}},
      {"items of an unknown purchase",
       [](Files f) {
         f.write(tryg::kPurchasesFile, csv(tryg::items_columns(), {"20,4", "31,4"}));
       },
       "data_purchase_events.csv:3",
       {"column 'purchase_event_id': purchase event 31 is in no row of data_users.csv"}},
      {"no items",
       [](Files f) {
         f.write(tryg::kPurchasesFile, csv(tryg::items_columns(), {"20,4", "10,4"}));
       },
       "data_purchase_events.csv",
       {"purchase event 30 of user 2 has no items"}},
      {"an item that is no number",
       [](Files f) { f.write(tryg::kPurchasesFile, csv(tryg::items_columns(), {"20,car"})); },
       "data_purchase_events.csv:2",
       {"column 'item_id': 'car'"}},
      {"a filter of an unknown purchase",
       [](Files f) {
         f.write(tryg::kPostFilterFile, csv(tryg::items_columns(), {"20,4", "31,4"}));
       },
       "data_post_filter.csv:3",
       {"purchase event 31 is in no row of data_users.csv"}},
      {"no filter",
       [](Files f) {
         f.write(tryg::kPostFilterFile, csv(tryg::items_columns(), {"20,4", "10,4"}));
       },
       "data_post_filter.csv",
       {"purchase event 30 has no row"}},
      {"an unknown session",
       [](Files f) {
         f.write_sessions({"5,1,11", "6,1,11"});
       },
       "data_sessions.csv:3",
       {"column 'session_id': session 6 is in no row of data_users.csv", "--allow-missing"}},
      {"a session without actions",
       [](Files f) { f.write_sessions({}); },
       "data_users.csv",
       {"session 5 of user 2, purchase event 10, has no row in data_sessions.csv", "--allow-missing"}},
      {"a call without keywords",
       [](Files f) {
         f.write_keywords({"7,1,agent,", "7,2,user,101"});
       },
       "data_users.csv",
       {"conversation 8 of user 2", "data_conversations_keyword.csv"}},
      {"a call without embeddings",
       [](Files f) { f.write_embeddings(1, {embedding_row("7,2,user", "1")}); },
       "data_users.csv",
       {"conversation 8 of user 2", "has no row in data_conversations_embedding;"}},
      {"an action twice",
       [](Files f) {
         f.write_sessions({"5,1,11", "5,2,12", "5,1,13"});
       },
       "data_sessions.csv:4",
       {"action 1 is there already, in", "data_sessions.csv:2"}},
      {"a sentence twice, in two parts",
       [](Files f) {
         f.write_embeddings(2, {embedding_row("7,1,agent", "3"), embedding_row("8,1,user", "3")});
       },
       "data_conversations_embedding_2.csv:3",
       {"sentence 1 is there already", kPart1 + ":2"}},
      {"a sentence of two speakers",
       [](Files f) { f.write_embeddings(2, {embedding_row("7,1,user", "3")}); },
       "data_conversations_embedding_2.csv:2",
       {"sentence 1 has another speaker in", "data_conversations_keyword.csv:2"}},
      {"a speaker who is neither",
       [](Files f) { f.write_keywords({"7,1,bot,"}); },
       "data_conversations_keyword.csv:2",
       {"column 'sentence_speaker': a speaker is 'user' or 'agent'"}},
      {"a list with a gap",
       [](Files f) { f.write_sessions({"5,1,\"11,,12\""}); },
       "data_sessions.csv:2",
       {"column 'action_tags': has an empty part"}},
      {"a tag that is no text",
       [](Files f) { f.write_sessions({"5,1,\xff\xfe"}); },
       "data_sessions.csv:2",
       {"column 'action_tags': is not valid UTF-8"}},
      {"a bad number of an embedding",
       [](Files f) { f.write_embeddings(2, {embedding_row("7,1,agent", "0.1.2")}); },
       "data_conversations_embedding_2.csv:2",
       {"column 'embedding_1': '0.1.2' is not a number"}},
      {"an infinite number of an embedding",
       [](Files f) { f.write_embeddings(2, {embedding_row("7,1,agent", "inf")}); },
       "data_conversations_embedding_2.csv:2",
       {"column 'embedding_1': 'inf'"}},
      {"a file of Git LFS",
       [](Files f) { f.write(kPart1, "version https://git-lfs.github.com/spec/v1\noid sha256:1\n"); },
       kPart1 + ":1",
       {"git lfs pull"}},
      {"broken gzip",
       [](Files f) { f.write(tryg::kKeywordsFile, "\x1f\x8b\x08nothing"); },
       "data_conversations_keyword.csv",
       {"gzip data are broken or cut off"}},
  };
}

TEST(tryg_errors, each_broken_input_is_one_clear_error_and_no_event) {
  for (const Broken& broken : all_broken()) {
    SCOPED_TRACE(broken.name);
    const PublishedFiles files;
    broken.make(files);
    const Imported imported = import_events(files.options());
    EXPECT_EQ(imported.error.fault, Fault::kUser);
    EXPECT_TRUE(imported.events.empty());
    EXPECT_TRUE(imported.error.where.ends_with(broken.where)) << to_string(imported.error);
    for (const std::string& part : broken.says) EXPECT_THAT(imported.error.message, HasSubstr(part));
  }
}

TEST(tryg_errors, the_files_that_are_broken_here_are_right_before) {
  const PublishedFiles files;
  EXPECT_EQ(to_string(import_events(files.options()).error), "");
}

}  // namespace
}  // namespace eddy

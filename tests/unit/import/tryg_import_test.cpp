#include "import/tryg_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "published_files.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "2 s-5-1 11 12": user, id and what it says, to compare with.
std::string told(const Event& event) {
  std::string text = event.user.value() + " ";
  text += event.id.value().empty() ? std::string(type_name(event.body)) : event.id.value();
  if (const auto* action = std::get_if<Action>(&event.body)) {
    for (const std::string& tag : action->tags) text += " " + tag;
  }
  if (const auto* said = std::get_if<Utterance>(&event.body)) {
    text += said->speaker == Speaker::kCustomer ? " customer" : " agent";
    for (const std::string& keyword : said->keywords) text += " " + keyword;
    if (!said->embedding.empty()) text += " " + std::to_string(said->embedding[0]).substr(0, 6);
  }
  const auto add = [&](const auto& items) {
    for (const ItemId& item : items) text += " " + item.value();
  };
  if (const auto* portfolio = std::get_if<Portfolio>(&event.body)) add(portfolio->items);
  if (const auto* purchase = std::get_if<Purchase>(&event.body)) add(purchase->items);
  return text;
}

std::vector<std::string> told(const Imported& imported) {
  EXPECT_EQ(to_string(imported.error), "");
  std::vector<std::string> all;
  for (const Event& event : imported.events) all.push_back(told(event));
  return all;
}

TEST(tryg_import, events_come_in_the_order_of_purchases_with_all_that_is_published) {
  const PublishedFiles files;
  const Imported imported = import_events(files.options());
  EXPECT_THAT(
      told(imported),
      ElementsAre("2 s-5-1 11 12", "2 s-5-2 13", "2 s-5-3", "2 f-10 1 4", "2 p-10 4",  //
                  "1 c-7-start", "1 c-7-1 agent 3.0000", "1 c-7-2 customer 101 102 -0.125", "1 c-7-end",
                  "1 f-20 2 4 18", "1 p-20 4",  //
                  "2 c-8-start", "2 c-8-1 customer 103 0.5000", "2 c-8-end", "2 f-30 2 18", "2 p-30 2 18"));
  for (std::size_t i = 1; i < imported.events.size(); ++i) {
    EXPECT_LT(imported.events[i - 1].time, imported.events[i].time) << i;
  }
  EXPECT_EQ(imported.summary.last, imported.events.back().time);
  const auto& said = std::get<Utterance>(imported.events[7].body);
  EXPECT_EQ(said.call.value(), "c-7");
  EXPECT_EQ(said.seq, 2U);
  EXPECT_EQ(said.encoder, "tryg-bert");
  EXPECT_EQ(said.embedding.size(), tryg::kEmbeddingSize);
  EXPECT_EQ(said.text, "");
  EXPECT_TRUE(said.is_final);
  EXPECT_EQ(std::get<Action>(imported.events[0].body).session.value(), "s-5");
}

TEST(tryg_import, every_file_may_be_compressed) {
  const PublishedFiles files;
  const auto plain = told(import_events(files.options()));
  for (const auto name : {tryg::kUsersFile, tryg::kPurchasesFile, tryg::kPostFilterFile, tryg::kSessionsFile,
                          tryg::kKeywordsFile}) {
    files.compress(name);
  }
  files.compress(std::filesystem::path(tryg::kEmbeddingsFolder) / tryg::embeddings_part(2));
  EXPECT_EQ(told(import_events(files.options())), plain);
}

TEST(tryg_import, embeddings_may_be_left_out_and_keywords_stand_for_the_text) {
  const PublishedFiles files;
  std::filesystem::remove_all(files.path() / tryg::kEmbeddingsFolder);
  tryg::ImportOptions options = files.options();
  options.with_embeddings = false;
  options.keywords_as_text = true;
  const Imported imported = import_events(options);
  ASSERT_EQ(imported.events.size(), 16U) << to_string(imported.error);
  const auto& said = std::get<Utterance>(imported.events[7].body);
  EXPECT_THAT(said.embedding, IsEmpty());
  EXPECT_EQ(said.encoder, "");
  EXPECT_EQ(said.text, "101 102");
}

TEST(tryg_import, a_purchase_that_lists_none_of_the_earlier_interactions_may_forget_them) {
  const PublishedFiles files;
  files.write_users({"1,20,1,7.0,", "2,10,1,,5.0", "2,30,1,8.0,"});
  EXPECT_EQ(import_events(files.options()).summary.shorter_lists, 1U);
  tryg::ImportOptions options = files.options();
  options.listed_only = true;
  const Imported imported = import_events(options);
  EXPECT_EQ(imported.summary.shorter_lists, 0U);
  const auto all = told(imported);
  ASSERT_EQ(all.size(), 17U);
  EXPECT_EQ(all[11], "2 forget");
  EXPECT_EQ(all[12], "2 c-8-start");
}

TEST(tryg_import, what_was_forgotten_counts_no_more_and_a_full_list_leaves_nothing_out) {
  const PublishedFiles files;
  // User 2: 5 | 8 alone | 8 and 9, without 5, which is forgotten; and user 1 lists ten of eleven.
  std::vector<std::string> users = {"2,10,1,,5.0", "2,30,1,8.0,", "2,40,1,8.0,", "2,40,2,,9", "1,20,1,7.0,"};
  std::vector<std::string> sessions = {"5,1,11", "9,1,12"};
  for (int i = 1; i <= 10; ++i) {
    users.push_back("1,50," + std::to_string(i) + ",," + std::to_string(100 + i));
    sessions.push_back(std::to_string(100 + i) + ",1,11");
  }
  files.write_users(users);
  files.write_sessions(sessions);
  files.write(tryg::kPurchasesFile, csv(tryg::items_columns(), {"10,1", "20,1", "30,1", "40,1", "50,1"}));
  files.write(tryg::kPostFilterFile, csv(tryg::items_columns(), {"10,1", "20,1", "30,1", "40,1", "50,1"}));
  tryg::ImportOptions options = files.options();
  EXPECT_EQ(import_events(options).summary.shorter_lists, 2U);
  options.listed_only = true;
  const Imported imported = import_events(options);
  EXPECT_EQ(to_string(imported.error), "");
  EXPECT_EQ(imported.summary.shorter_lists, 0U);
  const auto all = told(imported);
  EXPECT_EQ(std::count(all.begin(), all.end(), "2 forget"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), "1 forget"), 0);
}

TEST(tryg_import, what_does_not_match_is_left_out_and_counted_where_that_is_allowed) {
  const PublishedFiles files;
  files.write_sessions({"5,1,11", "99,1,12"});
  files.write_keywords({"7,1,agent,"});
  files.write_embeddings(2, {embedding_row("7,3,user", "1"), embedding_row("98,1,user", "1")});
  files.write_embeddings(1, {embedding_row("7,2,user", "2")});
  files.write(tryg::kPostFilterFile, csv(tryg::items_columns(), {"10,1", "77,1", "20,4;2"}));
  tryg::ImportOptions options = files.options();
  options.allow_missing = true;
  const Imported imported = import_events(options);
  EXPECT_THAT(told(imported),
              ElementsAre("2 s-5-1 11", "2 f-10 1", "2 p-10 4", "1 c-7-start", "1 c-7-1 agent",
                          "1 c-7-2 customer 2.0000", "1 c-7-3 customer 1.0000", "1 c-7-end", "1 f-20 2 4",
                          "1 p-20 4", "2 p-30 2 18"));
  EXPECT_EQ(imported.summary.contents.unlisted_rows, 2U);
  EXPECT_EQ(imported.summary.contents.empty_interactions, 1U);
  EXPECT_EQ(imported.summary.contents.without_keywords, 2U);
  EXPECT_EQ(imported.summary.contents.without_embedding, 1U);
  EXPECT_EQ(imported.summary.unmatched_filter, 1U);
  EXPECT_EQ(imported.summary.not_sellable, 1U);
}

TEST(tryg_import, the_error_of_the_taker_ends_it) {
  const PublishedFiles files;
  std::size_t taken = 0;
  const auto summary = tryg::import_files(files.options(), [&](const Event&) -> Result<void> {
    if (++taken == 3) return external_error("the disk is full");
    return {};
  });
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().message, "the disk is full");
  EXPECT_EQ(taken, 3U);
}

TEST(tryg_import, progress_grows_to_the_whole_of_each_stage) {
  const PublishedFiles files;
  std::vector<std::string> stages;
  std::uint64_t last = 0, total = 0;
  const auto hear = [&](const char* stage, std::uint64_t done, std::uint64_t of) {
    if (stages.empty() || stages.back() != stage) {
      EXPECT_EQ(last, total);
      stages.emplace_back(stage);
      last = 0;
    }
    EXPECT_GE(done, last);
    EXPECT_LE(done, of);
    last = done;
    total = of;
  };
  ASSERT_TRUE(tryg::import_files(
      files.options(), [](const Event&) { return Result<void>(); }, hear));
  EXPECT_EQ(last, total);
  EXPECT_THAT(stages, ElementsAre("reading the published files", "writing events"));
}

}  // namespace
}  // namespace eddy

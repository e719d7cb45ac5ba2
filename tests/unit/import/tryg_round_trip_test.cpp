// Simulated users' files, imported, say what the same users' events say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "event/batch.h"
#include "import/csv_reader.h"
#include "import/tryg_structure.h"
#include "operators/decode/json_event_reader.h"
#include "published_files.h"
#include "simulate/event_json.h"
#include "simulate/sentence_contents.h"
#include "simulate/tryg_writer.h"

namespace eddy {
namespace {

/// What of an interaction or purchase both kinds of events hold.
struct Told {
  std::string what;  ///< "session", "call", or "purchase 4 18"
  std::vector<std::vector<std::string>> rows;

  friend bool operator==(const Told&, const Told&) = default;
};

using History = std::vector<Told>;

class HistoryOfUser {
 public:
  /// `add` finds the interaction by its id: those that overlap in time stay whole.
  std::vector<std::string>& add(const std::string& what, const std::string& id) {
    const auto [known, is_new] = places_.try_emplace(id, history.size());
    if (is_new) history.push_back({what, {}});
    return history[known->second].rows.emplace_back();
  }
  History history;

 private:
  std::map<std::string, std::size_t> places_;
};

std::vector<std::string> texts(const std::vector<std::uint32_t>& numbers) {
  std::vector<std::string> all;
  for (const std::uint32_t number : numbers) all.push_back(std::to_string(number));
  return all;
}

std::string text_of(std::span<const float> embedding) {
  return std::string(reinterpret_cast<const char*>(embedding.data()), embedding.size_bytes());
}

void add_purchase(const Purchase& purchase, HistoryOfUser& user) {
  std::string what = "purchase";
  for (const ItemId& item : purchase.items) what += " " + item.value();
  user.history.push_back({what, {}});
}

/// Of simulate()'s events, with what the files hold in place of tags and texts.
class DirectWriter final : public RecordWriter {
 public:
  Result<void> write(InputChannel, std::string_view key, std::string_view record) override {
    EDDY_ASSIGN(const Event event, read_event(std::string(record)));
    HistoryOfUser& user = users[std::string(key)];
    if (const auto* action = std::get_if<Action>(&event.body)) {
      std::vector<std::uint32_t> tags;
      for (const std::string& tag : action->tags) tags.push_back(contents_.tag_number(tag));
      user.add("session", action->session.value()) = texts(tags);
    } else if (const auto* said = std::get_if<Utterance>(&event.body)) {
      auto& row = user.add("call", said->call.value());
      row = texts(contents_.keywords(said->text));
      row.emplace_back(said->speaker == Speaker::kCustomer ? "customer" : "agent");
      row.push_back(text_of(contents_.embedding(said->text)));
    } else if (const auto* purchase = std::get_if<Purchase>(&event.body)) {
      add_purchase(*purchase, user);
    }
    return {};
  }
  Result<void> finish() override { return {}; }

  std::map<std::string, HistoryOfUser> users;

 private:
  HistoryMaker maker_{SimulatedPeriod{}};
  SentenceContents contents_{maker_.web(), maker_.calls()};
};

std::map<std::string, HistoryOfUser> imported_users(const Imported& imported) {
  std::map<std::string, HistoryOfUser> users;
  for (const Event& event : imported.events) {
    HistoryOfUser& user = users[event.user.value()];
    if (const auto* action = std::get_if<Action>(&event.body)) {
      user.add("session", action->session.value()) = action->tags;
    } else if (const auto* said = std::get_if<Utterance>(&event.body)) {
      auto& row = user.add("call", said->call.value());
      row = said->keywords;
      row.emplace_back(said->speaker == Speaker::kCustomer ? "customer" : "agent");
      row.push_back(text_of(said->embedding));
    } else if (const auto* purchase = std::get_if<Purchase>(&event.body)) {
      add_purchase(*purchase, user);
    }
  }
  return users;
}

tryg::ImportOptions options_for(const TemporaryDirectory& directory) {
  tryg::ImportOptions options;
  options.directory = directory.path();
  options.scratch = directory.path();
  return options;
}

TEST(tryg_round_trip, files_say_what_the_events_of_the_same_users_say) {
  SimulationOptions simulation;
  simulation.seed = 7;
  const auto structure = draw_structure(400);
  DirectWriter direct;
  const auto events = simulate(simulation, *structure, direct);
  ASSERT_TRUE(events);
  const TemporaryDirectory directory;
  const auto files = simulate_tryg(simulation, *structure, directory.path());
  ASSERT_TRUE(files) << to_string(files.error());
  EXPECT_EQ(to_json(files->optimum), to_json(events->optimum));
  EXPECT_GT(files->sentences, 0U);

  const Imported imported = import_events(options_for(directory));
  ASSERT_EQ(to_string(imported.error), "");
  EXPECT_EQ(imported.summary.utterances, files->sentences);
  EXPECT_EQ(imported.summary.purchases, files->purchases);
  EXPECT_EQ(imported.summary.not_sellable, 0U);
  auto users = imported_users(imported);
  ASSERT_EQ(users.size(), direct.users.size());
  for (auto& [id, user] : direct.users) {
    // u-0 is the user 1 of the files.
    const std::string number = std::to_string(std::stoul(id.substr(2)) + 1);
    EXPECT_TRUE(users[number].history == user.history) << id;
  }
}

TEST(tryg_round_trip, events_pass_the_limits_of_what_is_decoded) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(simulate_tryg({}, *draw_structure(50), directory.path()));
  const Imported imported = import_events(options_for(directory));
  ASSERT_FALSE(imported.events.empty());
  JsonEventReader reader;
  Event read;
  std::string line, padded, again;
  for (const Event& event : imported.events) {
    line.clear();
    append_json(event, line);
    padded = line + std::string(Batch::kPadding, '\0');
    ASSERT_TRUE(reader.read(std::string_view(padded).substr(0, line.size()), read)) << line;
    again.clear();
    append_json(read, again);
    ASSERT_EQ(again, line);
  }
}

TEST(tryg_round_trip, a_second_and_smaller_run_leaves_no_part_of_the_first) {
  const TemporaryDirectory directory;
  const auto large = simulate_tryg({}, *draw_structure(3000), directory.path());
  ASSERT_TRUE(large);
  ASSERT_GT(large->sentences, 5000U);
  const auto small = simulate_tryg({}, *draw_structure(20), directory.path());
  ASSERT_TRUE(small);
  const Imported imported = import_events(options_for(directory));
  EXPECT_EQ(to_string(imported.error), "");
  EXPECT_EQ(imported.summary.users, 20U);
}

std::multiset<std::string> rows_of(const std::filesystem::path& file, std::size_t most_users) {
  std::multiset<std::string> rows;
  std::set<std::string> users;
  auto row = CsvReader::open(tryg::plain_or_gzip(file), tryg::users_columns());
  if (!row) return rows;
  while (row->next().value_or(false)) {
    std::string text;
    for (const std::string_view field : row->fields()) text += std::string(field) + ",";
    users.emplace(row->fields()[0]);
    if (users.size() > most_users) break;
    rows.insert(text);
  }
  return rows;
}

TEST(tryg_round_trip, over_the_published_structure_the_users_file_is_the_published_one) {
  const char* data = std::getenv("EDDY_DATA_DIR");
  if (data == nullptr || !std::filesystem::exists(std::filesystem::path(data) / "tryg")) {
    GTEST_SKIP()
        << "SKIPPED: the real data 'tryg' are not at hand. Set EDDY_DATA_DIR to the folder that has them.";
  }
  constexpr std::size_t kUsers = 1000;
  const auto published = std::filesystem::path(data) / "tryg";
  const auto structure = read_structure(published, kUsers);
  ASSERT_TRUE(structure) << to_string(structure.error());
  const TemporaryDirectory directory;
  ASSERT_TRUE(simulate_tryg({}, **structure, directory.path()));
  EXPECT_EQ(rows_of(directory.path() / tryg::kUsersFile, kUsers),
            rows_of(published / tryg::kUsersFile, kUsers));
  const Imported imported = import_events(options_for(directory));
  EXPECT_EQ(to_string(imported.error), "");
  EXPECT_EQ(imported.summary.users, kUsers);
}

}  // namespace
}  // namespace eddy

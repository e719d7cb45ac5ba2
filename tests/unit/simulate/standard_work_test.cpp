#include "simulate/standard_work.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "memory_writer.h"
#include "operators/decode/json_event_reader.h"

namespace eddy {
namespace {

std::vector<WrittenRecord> write(const StandardWorkOptions& options) {
  MemoryWriter writer;
  const auto summary = write_standard_work(options, writer);
  EXPECT_TRUE(summary.has_value());
  EXPECT_EQ(summary->actions + summary->utterances, options.events);
  return std::move(writer.records);
}

TEST(StandardWork, same_seed_gives_the_same_bytes) {
  EXPECT_EQ(write({3, 2000, 50}), write({3, 2000, 50}));
  EXPECT_NE(write({3, 2000, 50}), write({4, 2000, 50}));
}

TEST(StandardWork, has_the_stated_shares_and_forms) {
  constexpr std::size_t kEvents = 60'000;
  constexpr std::size_t kUsers = 30;
  const std::vector<WrittenRecord> records = write({9, kEvents, kUsers});
  std::map<std::string, std::size_t> sessions, calls, users;
  std::set<std::string> ids;
  double actions = 0, words = 0, of_common_words = 0;
  std::map<std::string, std::size_t> words_seen;
  for (std::size_t n = 0; n < records.size(); ++n) {
    const auto event = read_event(records[n].record);
    ASSERT_TRUE(event.has_value()) << records[n].record;
    EXPECT_EQ(event->time.milliseconds, 1'700'000'000'000 + static_cast<std::int64_t>(n));
    EXPECT_EQ(event->user.value(), records[n].key);
    ids.insert(event->id.value());
    ++users[event->user.value()];
    if (const auto* action = std::get_if<Action>(&event->body)) {
      EXPECT_EQ(records[n].channel, InputChannel::kWeb);
      EXPECT_EQ(action->tags.size(), 3U);
      actions += 1;
      ++sessions[action->session.value()];
      EXPECT_EQ(event->id.value().size(), 2U + 32U);
    } else {
      EXPECT_EQ(records[n].channel, InputChannel::kCalls);
      const auto& utterance = std::get<Utterance>(event->body);
      const auto count =
          static_cast<double>(std::count(utterance.text.begin(), utterance.text.end(), ' ') + 1);
      EXPECT_GE(count, 10);
      EXPECT_LE(count, 16);
      words += count;
      ++calls[utterance.call.value()];
      EXPECT_EQ(event->id.value(), utterance.call.value() + "-" + std::to_string(utterance.seq));
      ++words_seen[utterance.text.substr(0, utterance.text.find(' '))];
    }
  }
  EXPECT_EQ(ids.size(), kEvents);
  EXPECT_EQ(users.size(), kUsers);
  const double utterances = kEvents - actions;
  EXPECT_NEAR(actions / kEvents, 0.75, 0.01);
  EXPECT_NEAR(words / utterances, 13.0, 0.1);
  EXPECT_NEAR(actions / static_cast<double>(sessions.size()), 8.0, 0.5);
  EXPECT_NEAR(utterances / static_cast<double>(calls.size()), 10.0, 1.0);
  // A word is the product of d³ and 5,000, d uniform: the first 625 of the 5,000 words come half of the time.
  std::vector<std::size_t> counts;
  for (const auto& [word, count] : words_seen) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  for (std::size_t i = 0; i < std::min<std::size_t>(625, counts.size()); ++i)
    of_common_words += static_cast<double>(counts[i]);
  EXPECT_NEAR(of_common_words / utterances, 0.5, 0.06);
}

}  // namespace
}  // namespace eddy

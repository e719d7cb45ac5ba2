// What is streamed does not stay in memory.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <random>

#include "published_files.h"

namespace eddy {
namespace {

constexpr std::size_t kCalls = 400;
constexpr std::size_t kSentences = 50;  // of a call
constexpr std::size_t kPartsOfIt = 4;
constexpr std::size_t kMostGrowth = 8U << 20U;

/// The peak of resident memory since reset_peak(), in bytes.
std::size_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes << 10U;
  }
  return 0;
}

bool reset_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5";
  file.close();
  return !file.fail();
}

/// One user a call; each sentence's numbers are its own. Rows of all calls are shuffled over the parts.
void write_calls(const PublishedFiles& files, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::string> users, purchases, filter, keywords;
  std::vector<std::pair<std::size_t, std::size_t>> sentences;
  for (std::size_t call = 1; call <= kCalls; ++call) {
    const std::string id = std::to_string(call);
    users.push_back(id + "," + id + ",1," + id + ".0,");
    purchases.push_back(id + ",1");
    filter.push_back(id + ",1");
    for (std::size_t i = 1; i <= kSentences; ++i) {
      keywords.push_back(id + "," + std::to_string(i) + ",user,\"1,2\"");
      sentences.emplace_back(call, i);
    }
  }
  files.write_users(users);
  files.write(tryg::kPurchasesFile, csv(tryg::items_columns(), purchases));
  files.write(tryg::kPostFilterFile, csv(tryg::items_columns(), filter));
  files.write_sessions({});
  files.write_keywords(keywords);
  std::shuffle(sentences.begin(), sentences.end(), random);
  std::string numbers;
  for (std::size_t i = 1; i < tryg::kEmbeddingSize; ++i)
    numbers += "," + std::to_string(random() % 1000) + ".5";
  for (std::size_t part = 0; part < kPartsOfIt; ++part) {
    std::ofstream file(files.path() / tryg::kEmbeddingsFolder / tryg::embeddings_part(part + 1));
    file << csv(tryg::embeddings_columns(), {});
    for (std::size_t i = part; i < sentences.size(); i += kPartsOfIt) {
      const auto [call, sentence] = sentences[i];
      file << call << ',' << sentence << ",user," << call * 1000 + sentence << numbers << '\n';
    }
  }
}

TEST(tryg_memory, embeddings_in_any_order_pass_through_bounded_memory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "SKIPPED: sanitizers use memory of their own.";
#endif
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << '\n';
  const PublishedFiles files;
  write_calls(files, seed);
  if (!reset_peak()) GTEST_SKIP() << "SKIPPED: /proc/self/clear_refs cannot be written.";
  const std::size_t before = peak_bytes();
  std::size_t sentences = 0, wrong = 0;
  const auto summary = tryg::import_files(files.options(), [&](const Event& event) -> Result<void> {
    const auto* said = std::get_if<Utterance>(&event.body);
    if (said == nullptr) return {};
    const std::size_t call = sentences / kSentences + 1, sentence = sentences % kSentences + 1;
    wrong += said->call.value() != "c-" + std::to_string(call) || said->seq != sentence ||
             said->embedding.at(0) != static_cast<float>(call * 1000 + sentence);
    ++sentences;
    return {};
  });
  const std::size_t growth = peak_bytes() - before;
  ASSERT_TRUE(summary) << to_string(summary.error());
  EXPECT_EQ(sentences, kCalls * kSentences);
  EXPECT_EQ(wrong, 0U);
  EXPECT_GT(summary->spooled_bytes, 5 * kMostGrowth) << "the case is too small to prove anything";
  EXPECT_LT(growth, kMostGrowth);
  RecordProperty("growth_bytes", static_cast<int>(growth));
  std::cout << "grew by " << (growth >> 10U) << " KiB for " << (summary->spooled_bytes >> 10U)
            << " KiB of embeddings\n";
}

}  // namespace
}  // namespace eddy

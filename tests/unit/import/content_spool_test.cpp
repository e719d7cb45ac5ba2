#include "import/content_spool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <vector>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

TEST(content_spool, gives_back_every_piece_whatever_was_guessed_of_its_size) {
  const TemporaryDirectory directory;
  auto spool = ContentSpool::open(directory.path());
  ASSERT_TRUE(spool);
  std::vector<std::uint64_t> places;
  const auto piece = [](std::size_t i) { return std::string(i * i % 5000, static_cast<char>('a' + i % 26)); };
  for (std::size_t i = 0; i < 2000; ++i) places.push_back(spool->append(piece(i)).value());
  ASSERT_TRUE(spool->flush());
  std::string bytes;
  for (std::size_t i = places.size(); i-- > 0;) {
    ASSERT_TRUE(spool->read(places[i], i % 3 == 0 ? 0 : 2000, bytes));
    ASSERT_EQ(bytes, piece(i)) << i;
  }
}

TEST(content_spool, leaves_no_file_behind_and_needs_a_directory) {
  const TemporaryDirectory directory;
  const auto spool = ContentSpool::open(directory.path());
  ASSERT_TRUE(spool);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  const auto nowhere = ContentSpool::open(directory.path() / "none");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().fault, Fault::kUser);
  EXPECT_NE(nowhere.error().message.find("--scratch"), std::string::npos);
}

TEST(content_spool, a_disk_without_room_is_told) {
  const TemporaryDirectory directory;
  auto spool = ContentSpool::open(directory.path());
  ASSERT_TRUE(spool);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{1U << 20U, before.rlim_max};
  const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  Result<void> put;
  for (int i = 0; i < 64 && put; ++i) {
    const auto offset = spool->append(std::string(100'000, 'x'));
    if (!offset) put = offset.error();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, signal_before);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().fault, Fault::kExternal);
  EXPECT_EQ(put.error().where, directory.path().string());
}

}  // namespace
}  // namespace eddy

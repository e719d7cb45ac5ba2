#include "app/demo/event_pipe.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>
#include <vector>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

TEST(EventPipe, a_reader_gets_all_lines_and_then_the_end) {
  const TemporaryDirectory directory;
  auto pipe = EventPipe::make(directory.path() / "live.pipe");
  ASSERT_TRUE(pipe.has_value());
  std::vector<std::string> read;
  // Far more than a pipe holds.
  constexpr std::size_t kLines = 20'000;
  std::thread reader([&] {
    std::ifstream input((*pipe)->path());
    for (std::string line; std::getline(input, line);) read.push_back(line);
  });
  for (std::size_t i = 0; i < kLines; ++i) {
    const auto written = (*pipe)->write_line("line " + std::to_string(i), [] { return false; });
    ASSERT_TRUE(written.has_value() && *written);
  }
  (*pipe)->close();
  reader.join();
  ASSERT_EQ(read.size(), kLines);
  EXPECT_EQ(read.back(), "line " + std::to_string(kLines - 1));
}

TEST(EventPipe, gives_up_when_told_and_removes_itself) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "live.pipe";
  {
    auto pipe = EventPipe::make(path);
    ASSERT_TRUE(pipe.has_value());
    bool is_full = false;
    for (std::size_t i = 0; i < 100'000 && !is_full; ++i) {
      const auto written = (*pipe)->write_line(std::string(100, 'x'), [] { return true; });
      ASSERT_TRUE(written.has_value());
      is_full = !*written;
    }
    EXPECT_TRUE(is_full) << "nobody reads";
    ASSERT_TRUE(EventPipe::make(path).has_value()) << "in the place of one that was left";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace eddy

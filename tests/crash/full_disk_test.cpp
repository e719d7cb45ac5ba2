// The disk with the state is full: the process says so and ends, and goes on once there is room.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "crash/proof.h"

namespace eddy {
namespace {

using testing::HasSubstr;

/// A small file system in memory, mounted for as long as this object lives.
class SmallFileSystem {
 public:
  explicit SmallFileSystem(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    if (::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=64m") != 0) why_not_ = std::strerror(errno);
  }
  ~SmallFileSystem() {
    if (why_not_.empty()) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallFileSystem(const SmallFileSystem&) = delete;
  SmallFileSystem& operator=(const SmallFileSystem&) = delete;

  /// Empty: it is mounted.
  [[nodiscard]] const std::string& why_not() const { return why_not_; }

  /// Takes all room that is left.
  void fill() const {
    const int file = ::open(filler().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    ASSERT_GE(file, 0) << std::strerror(errno);
    const std::vector<char> bytes(4096, 'x');
    while (::write(file, bytes.data(), bytes.size()) > 0) {
    }
    EXPECT_EQ(errno, ENOSPC) << std::strerror(errno);
    ::close(file);
  }
  void make_room() const { std::filesystem::remove(filler()); }

 private:
  [[nodiscard]] std::filesystem::path filler() const { return path_ / "filler"; }

  const std::filesystem::path path_;
  std::string why_not_;
};

class full_disk : public Proof {
 protected:
  void expect_ends_naming_the_disk(EddyProcess& process) {
    const auto end = process.wait(std::chrono::minutes(2));
    ASSERT_TRUE(end) << "it goes on without a disk: " << process.last_line();
    EXPECT_EQ(*end, (ProcessEnd{1, 0})) << process.last_line();
    expect_clear_line(process.last_line());
    EXPECT_THAT(process.last_line(), HasSubstr("the disk is full"));
    EXPECT_LT(records_done(), work().produced()) << "the disk was full after the work";
  }
};

TEST_F(full_disk, ends_the_process_with_a_clear_line_and_a_restart_with_room_finishes_the_work) {
  ProofWorkOptions options;
  options.write_buffers = "4MiB";  // the log is laid out by their size, and must not hold all that follows
  begin(options);
  const SmallFileSystem disk(work().directory() / "disk");
  if (!disk.why_not().empty())
    GTEST_SKIP() << "SKIPPED: no small file system can be mounted here: " << disk.why_not()
                 << ". Run as root.";
  const ProofProcess process = {"only", "only"};
  work().move_state(process.state, work().directory() / "disk" / "state");
  {
    const auto running = start(process);
    ASSERT_TRUE(wait_for_records(next_trouble(3), {running.get()}));
    disk.fill();
    ASSERT_NO_FATAL_FAILURE(expect_ends_naming_the_disk(*running));
  }
  {
    // Started again too early, it says the same again, and harms nothing. What the end of the first has freed
    // must not be room enough for the rest.
    disk.fill();
    const auto running = start(process);
    ASSERT_NO_FATAL_FAILURE(expect_ends_naming_the_disk(*running));
  }
  disk.make_room();
  finish_and_compare(process);
}

}  // namespace
}  // namespace eddy

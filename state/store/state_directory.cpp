#include "state/store/state_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/whole_file.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "eddy-state";
constexpr int kFormatVersion = 1;
constexpr const char* kLockName = "LOCK";
constexpr const char* kIdentityName = "IDENTITY";
// Behind a shard's name.
constexpr const char* kVerify = ".verify";
constexpr const char* kRebuild = ".rebuild";
constexpr const char* kReplaced = ".replaced";

std::string reason() {
  return std::generic_category().message(errno);
}

/// Closes a file descriptor at the end of a scope.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

Result<void> sync_directory(const fs::path& path) {
  const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) {
    return external_error("cannot make the directory durable: " + reason(), path.string());
  }
  return {};
}

/// The process that wrote the lock file last; empty if unknown.
std::string lock_holder(int lock_file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock_file, text.data(), text.size(), 0);
  std::string_view holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  holder = holder.substr(0, holder.find('\n'));
  return std::string(holder);
}

Result<int> take_lock(const fs::path& path) {
  const fs::path lock_path = path / kLockName;
  FileDescriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.get() < 0) return external_error("cannot open the lock file: " + reason(), lock_path.string());
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return external_error("cannot lock: " + reason(), lock_path.string());
    const std::string holder = lock_holder(lock.get());
    return user_error("the state directory is in use" + (holder.empty() ? "" : " by process " + holder) +
                          ": stop that process or give another state directory",
                      path.string());
  }
  const std::string me = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 ||
      ::pwrite(lock.get(), me.data(), me.size(), 0) != static_cast<ssize_t>(me.size())) {
    return external_error("cannot write the lock file: " + reason(), lock_path.string());
  }
  return lock.release();
}

Result<void> write_identity(const fs::path& path, const StateIdentity& identity) {
  const std::string text = std::string(kFormat) + " " + std::to_string(kFormatVersion) + "\nshards " +
                           std::to_string(identity.shards) + "\ngraph " + identity.graph + "\n";
  EDDY_TRY(write_whole_file(path / kIdentityName, text));
  return sync_directory(path);
}

Result<StateIdentity> parse_identity(const std::string& text, const std::string& where) {
  std::istringstream lines(text);
  std::string format;
  int version = 0;
  StateIdentity identity;
  std::string shards_word, graph_word;
  if (!(lines >> format >> version) || format != kFormat) {
    return user_error("this file was not written by Eddy: give another state directory", where);
  }
  if (version != kFormatVersion) {
    return user_error("the state has format " + std::to_string(version) + ", this program reads format " +
                          std::to_string(kFormatVersion) +
                          ": start the program that wrote it, or replay the input",
                      where);
  }
  if (!(lines >> shards_word >> identity.shards >> graph_word) || shards_word != "shards" ||
      graph_word != "graph" || identity.shards < 1) {
    return external_error(
        "the file is damaged: restore the state directory, or delete it and replay the input", where);
  }
  lines.get();
  std::getline(lines, identity.graph);
  return identity;
}

Result<void> compare(const StateIdentity& stored, const StateIdentity& wanted, const fs::path& path) {
  if (stored.graph != wanted.graph) {
    return user_error("the state belongs to graph '" + stored.graph + "', not to '" + wanted.graph +
                          "': give each graph a state directory of its own",
                      path.string());
  }
  if (stored.shards != wanted.shards) {
    return user_error(
        "the state has " + std::to_string(stored.shards) + " shards, the input has " +
            std::to_string(wanted.shards) +
            " partitions: users would be in other shards; replay the input into an empty state directory",
        path.string());
  }
  return {};
}

fs::path beside(const fs::path& path, ShardId shard, const char* purpose) {
  return StateDirectory::shard_path(path, shard).string() + purpose;
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return external_error("cannot be removed: " + error.message(), path.string());
  return {};
}

/// What a process left that died while it worked on a shard. The caller has the lock.
Result<void> remove_leftovers(const fs::path& path, std::int32_t shards) {
  for (std::int32_t shard = 0; shard < shards; ++shard) {
    for (const char* purpose : {kVerify, kRebuild, kReplaced}) {
      EDDY_TRY(remove_tree(beside(path, ShardId(shard), purpose)));
    }
  }
  return {};
}

/// Only what an interrupted first start may leave.
Result<void> check_new(const fs::path& path) {
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path name = entry->path().filename();
    if (name == kLockName || name == draft_of(kIdentityName)) continue;
    return user_error(
        "the directory holds '" + name.string() + "' but no Eddy state: give an empty or a new directory",
        path.string());
  }
  if (error) return external_error("cannot list the state directory: " + error.message(), path.string());
  return {};
}

}  // namespace

StateDirectory::StateDirectory(fs::path path, StateIdentity identity, int lock_file)
    : path_(std::move(path)), identity_(std::move(identity)), lock_file_(lock_file) {}

StateDirectory::~StateDirectory() {
  ::close(lock_file_);
}

Result<std::unique_ptr<StateDirectory>> StateDirectory::open(const fs::path& path,
                                                             const StateIdentity& identity) {
  if (identity.shards < 1 || identity.graph.empty() || identity.graph.find('\n') != std::string::npos) {
    return user_error("a state directory needs a graph's name of one line and at least one shard",
                      path.string());
  }
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return external_error("cannot create the state directory: " + error.message(), path.string());
  if (!fs::is_directory(path, error)) return user_error("the state directory is no directory", path.string());
  // Contents come before the lock: a directory that is not ours gets no file of ours.
  const bool has_identity = fs::exists(path / kIdentityName, error);
  if (error) return external_error("cannot read the state directory: " + error.message(), path.string());
  if (!has_identity) EDDY_TRY(check_new(path));
  EDDY_ASSIGN(const int lock, take_lock(path));
  std::unique_ptr<StateDirectory> directory(new StateDirectory(path, identity, lock));
  // Another process may have made it since.
  if (fs::exists(path / kIdentityName, error)) {
    EDDY_ASSIGN(const StateIdentity stored, read_identity(path));
    EDDY_TRY(compare(stored, identity, path));
    EDDY_TRY(remove_leftovers(path, stored.shards));
    return directory;
  }
  EDDY_TRY(write_identity(path, identity));
  directory->is_new_ = true;
  return directory;
}

Result<StateIdentity> StateDirectory::read_identity(const fs::path& path) {
  const fs::path file = path / kIdentityName;
  std::ifstream in(file, std::ios::binary);
  if (!in) return user_error("there is no Eddy state here", path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return parse_identity(text.str(), file.string());
}

fs::path StateDirectory::shard_path(const fs::path& path, ShardId shard) {
  return path / ("shard-" + std::to_string(shard.value()));
}

std::vector<ShardId> StateDirectory::held_shards(const fs::path& path, const StateIdentity& identity) {
  std::vector<ShardId> held;
  for (std::int32_t shard = 0; shard < identity.shards; ++shard) {
    std::error_code ignored;  // what cannot be seen is not there
    if (fs::exists(shard_path(path, ShardId(shard)), ignored)) held.emplace_back(shard);
  }
  return held;
}

fs::path StateDirectory::scratch_path(ShardId shard, Scratch purpose) const {
  return beside(path_, shard, purpose == Scratch::kVerify ? kVerify : kRebuild);
}

Result<void> StateDirectory::replace_by_rebuilt(ShardId shard) {
  const fs::path store = shard_path(shard);
  const fs::path replaced = beside(path_, shard, kReplaced);
  EDDY_TRY(remove_tree(replaced));
  if (::rename(store.c_str(), replaced.c_str()) != 0 && errno != ENOENT) {
    return external_error("cannot be renamed: " + reason(), store.string());
  }
  const fs::path rebuilt = scratch_path(shard, Scratch::kRebuild);
  if (::rename(rebuilt.c_str(), store.c_str()) != 0) {
    return external_error("cannot be renamed: " + reason(), rebuilt.string());
  }
  EDDY_TRY(sync_directory(path_));
  return remove_tree(replaced);
}

}  // namespace eddy

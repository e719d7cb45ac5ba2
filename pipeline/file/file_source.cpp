#include "pipeline/file/file_source.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>
#include <thread>
#include <utility>

#include "base/hash.h"
#include "pipeline/file/line_reader.h"
#include "pipeline/file/pace.h"
#include "pipeline/file/record_peek.h"

namespace eddy {
namespace {

constexpr std::size_t kLinesPerPoll = 4096;
constexpr std::size_t kBytesPerPoll = 4U << 20U;
// resume() comes from the thread that polls, so a paused poll must not keep it for long.
constexpr std::chrono::milliseconds kPausedWait{1};

/// One file with its line to be delivered next, the head.
struct InputFile {
  TopicName name;
  std::unique_ptr<LineReader> reader;
  RecordPeek peek;
  std::vector<std::int64_t> start;  ///< by shard: lines that begin before are passed over
  Line line;
  std::int32_t shard = 0;
  EventTime time = EventTime::never();
  bool has_head = false;
  bool is_done = false;
};

}  // namespace

class FileSource::Impl {
 public:
  Impl(FileSourceOptions options, const Clock& clock)
      : options_(std::move(options)), pace_(options_.rate, options_.speed, clock) {}

  Result<std::int32_t> open() {
    if (options_.paths.empty()) return user_error("no files to read are named");
    if (options_.shards < 1) return user_error("the number of shards must be at least 1");
    if (!(options_.rate >= 0) || !(options_.speed >= 0) || std::isinf(options_.rate) ||
        std::isinf(options_.speed)) {
      return user_error("rate and speed must be 0 or positive numbers");
    }
    if (options_.rate > 0 && options_.speed > 0) return user_error("give either rate or speed, not both");
    std::set<std::string> seen;
    std::vector<std::unique_ptr<InputFile>> files;
    std::uint64_t total = 0;
    bool all_known = true;
    for (const std::string& path : options_.paths) {
      if (!seen.insert(path).second) return user_error("this file is named twice", path);
      auto file = std::make_unique<InputFile>();
      file->name = TopicName(path);
      EDDY_ASSIGN(file->reader, LineReader::open(path, options_.longest_line));
      file->start.assign(static_cast<std::size_t>(options_.shards), 0);
      total += file->reader->bytes_total();
      all_known = all_known && path != "-";
      files.push_back(std::move(file));
    }
    files_ = std::move(files);
    total_ = all_known ? total : 0;
    with_time_ = files_.size() > 1 || options_.speed > 0 || options_.from || options_.to;
    return options_.shards;
  }

  Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds timeout) {
    if (!started_) {
      EDDY_TRY(start(handler));
      started_ = true;
    }
    if (paused_) {
      std::this_thread::sleep_for(std::min(timeout, kPausedWait));
      return true;
    }
    auto more = deliver(handler, timeout);
    std::uint64_t done = 0;
    for (const auto& file : files_) done += file->reader->bytes_read();
    done_.store(done, std::memory_order_relaxed);
    return more;
  }

  void set_paused(bool paused) { paused_ = paused; }
  void close() { files_.clear(); }
  [[nodiscard]] SourceProgress progress() const {
    return {done_.load(std::memory_order_relaxed), total_.load(std::memory_order_relaxed)};
  }

 private:
  Result<void> start(SourceHandler& handler) {
    for (std::int32_t shard = 0; shard < options_.shards; ++shard) {
      EDDY_ASSIGN(const Positions positions, handler.on_assigned(ShardId(shard)));
      Positions starts;
      for (const auto& file : files_) {
        std::int64_t& begin = file->start[static_cast<std::size_t>(shard)];
        const auto found = positions.find({file->name.str(), shard});
        if (found != positions.end()) begin = found->second;
        if (begin < 0) return user_error("the state holds a negative position", file->name.str());
        starts[{file->name.str(), shard}] = begin;
      }
      handler.on_started(ShardId(shard), starts);
    }
    for (const auto& file : files_) {
      // The largest position proves that the file is long enough; reading begins at the smallest.
      const auto [least, most] = std::minmax_element(file->start.begin(), file->start.end());
      if (*least != *most) {
        EDDY_ASSIGN(const auto probe, LineReader::open(file->name.str(), options_.longest_line));
        EDDY_TRY(probe->start_at(*most));
      }
      EDDY_TRY(file->reader->start_at(*least));
    }
    return {};
  }

  Result<bool> deliver(SourceHandler& handler, std::chrono::milliseconds timeout) {
    std::size_t bytes = 0;
    for (std::size_t lines = 0; lines < kLinesPerPoll && bytes < kBytesPerPoll && !paused_; ++lines) {
      bool waiting = false;
      // Only an empty-handed poll waits for a pipe.
      EDDY_ASSIGN(InputFile * file, earliest(lines == 0 ? timeout : std::chrono::milliseconds(0), waiting));
      if (waiting) return true;
      if (file == nullptr) return false;
      if (is_wanted(*file)) {
        if (!pace_.may_go(file->time)) {
          if (lines == 0) pace_.wait(file->time, timeout);
          return true;
        }
        bytes += file->line.text.size();
        hand_over(*file, handler);
      }
      file->has_head = false;
    }
    return true;
  }

  /// The file whose head is the earliest; null when all files are at their ends.
  Result<InputFile*> earliest(std::chrono::milliseconds timeout, bool& waiting) {
    InputFile* first = nullptr;
    for (const auto& file : files_) {
      if (!file->has_head && !file->is_done) {
        EDDY_ASSIGN(const LineReader::Status status, file->reader->next(file->line, timeout));
        if (status == LineReader::Status::kWait) {
          waiting = true;
          return nullptr;
        }
        file->is_done = status == LineReader::Status::kEnd;
        if (!file->is_done) inspect(*file);
      }
      if (file->has_head && (first == nullptr || file->time < first->time)) first = file.get();
    }
    return first;
  }

  void inspect(InputFile& file) const {
    file.has_head = true;
    file.shard = 0;
    if (file.line.is_oversized) return;
    const PeekedRecord record = file.peek.peek(file.line.text, with_time_);
    if (record.user) {
      file.shard =
          static_cast<std::int32_t>(hash_bytes(*record.user) % static_cast<std::uint64_t>(options_.shards));
    }
    if (record.time) file.time = *record.time;
  }

  [[nodiscard]] bool is_wanted(const InputFile& file) const {
    if (file.line.offset < file.start[static_cast<std::size_t>(file.shard)]) return false;
    if (options_.from && file.time < *options_.from) return false;
    return !options_.to || file.time < *options_.to;
  }

  void hand_over(const InputFile& file, SourceHandler& handler) const {
    const SourcePosition position{file.name, file.shard, file.line.offset};
    if (!file.line.is_oversized) {
      handler.on_record(ShardId(file.shard), position, {}, false, file.line.text);
      return;
    }
    handler.on_refused(ShardId(file.shard), position, file.line.text,
                       "the line is longer than " + std::to_string(options_.longest_line) +
                           " bytes; only its beginning is kept");
  }

  const FileSourceOptions options_;
  Pace pace_;
  std::vector<std::unique_ptr<InputFile>> files_;
  bool with_time_ = false;
  bool started_ = false;
  bool paused_ = false;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> total_{0};
};

FileSource::FileSource(FileSourceOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
FileSource::~FileSource() = default;

Result<std::int32_t> FileSource::open() {
  return impl_->open();
}
Result<bool> FileSource::poll(SourceHandler& handler, std::chrono::milliseconds timeout) {
  return impl_->poll(handler, timeout);
}
void FileSource::pause() {
  impl_->set_paused(true);
}
void FileSource::resume() {
  impl_->set_paused(false);
}
// Files have no group that keeps offsets.
Result<void> FileSource::committed(const Positions& /*positions*/) {
  return {};
}
void FileSource::close() {
  impl_->close();
}
SourceProgress FileSource::progress() const {
  return impl_->progress();
}

}  // namespace eddy

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "event/event_time.h"
#include "pipeline/source.h"

namespace eddy {

/// What a FileSource reads, and how fast.
struct FileSourceOptions {
  /// Files of JSON lines, plain or gzip; "-" is the standard input.
  std::vector<std::string> paths = {};
  /// A user's shard is the hash of the user modulo this.
  std::int32_t shards = 4;
  /// Events before `from`, and at or after `to`, are passed over (event time; unreadable times count as the
  /// one before them in their file).
  std::optional<EventTime> from = std::nullopt;
  std::optional<EventTime> to = std::nullopt;
  /// Events per second; 0: as fast as they are taken.
  double rate = 0;
  /// Event time per real time: 1 replays as it happened, 60 a minute in a second; 0: as fast as they are
  /// taken.
  double speed = 0;
  /// Longer lines are refused; bytes.
  std::size_t longest_line = 16U << 20U;
};

/// Files of JSON lines as a bounded source of records; several files are merged by event time, while each
/// file's own order is kept. A record's position is (path as given, shard, offset of the line in the
/// uncompressed file); its key is absent. Lines in which no user can be found go to shard 0, where decoding
/// refuses them.
///
/// A shard resumes at its positions: its lines that begin before them are passed over. A file without a
/// position is read from its beginning.
class FileSource final : public Source {
 public:
  /// `clock` paces `rate` and `speed`, and outlives the source.
  explicit FileSource(FileSourceOptions options, const Clock& clock = system_clock());
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  /// Error (user's): no files, a file named twice, one that cannot be read, or options out of their bounds.
  Result<std::int32_t> open() override;
  Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds timeout) override;
  void pause() override;
  void resume() override;
  Result<void> committed(const Positions& positions) override;
  void close() override;
  /// In bytes of the files as they are stored; the total is unknown (0) when a pipe is among them.
  [[nodiscard]] SourceProgress progress() const override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

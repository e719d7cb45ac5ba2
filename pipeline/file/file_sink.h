#pragma once

#include <memory>
#include <string>

#include "pipeline/sink.h"

namespace eddy {

/// Where a FileSink writes.
struct FileSinkOptions {
  /// The file; made if it does not exist, appended to if it does. Its folder must exist.
  std::string path;
  /// flush() also waits until the disk has the data (fdatasync), so that they survive a loss of power.
  bool sync = false;
};

/// One file of JSON lines, appended to. An empty value (a deletion, where a topic is compacted) becomes
/// {"key":"…","value":null}; other values are written as they are, one a line, and hold no line end
/// themselves. Keys are otherwise not written: the values name the user.
class FileSink final : public Sink {
 public:
  explicit FileSink(FileSinkOptions options);
  ~FileSink() override;
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  /// Repairs the end of a file that a crash left: half a line was never acknowledged and is cut off.
  /// Error: the file cannot be opened or repaired.
  Result<void> open() override;
  Result<void> write(ShardId shard, std::string_view key, std::string_view value) override;
  Result<void> write_dead_letter(const DeadLetter& letter) override;
  Result<void> flush(ShardId shard) override;
  Result<void> close() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "event/event.h"

namespace eddy {

/// The three inputs of Eddy.
enum class InputChannel : std::uint8_t { kWeb, kCalls, kPurchases, kCount };

/// "web", "calls", "purchases": topics and files are named so.
[[nodiscard]] std::string_view channel_name(InputChannel channel);

/// Where an event goes: actions to the web, what is said to calls, all else to purchases.
[[nodiscard]] InputChannel channel_of(const EventBody& body);

/// Where simulated records go. One thread.
class RecordWriter {
 public:
  virtual ~RecordWriter() = default;
  /// `key` is the user; `record` is one JSON object in one line, or what a broken record holds in its place.
  virtual Result<void> write(InputChannel channel, std::string_view key, std::string_view record) = 0;
  /// After the last record: returns when all are safe. No write after it.
  virtual Result<void> finish() = 0;
};

/// When a file is there.
enum class FileAppears : std::uint8_t {
  kAtOnce,  ///< and grows, for who follows it
  /// Whole or not at all: written beside as ".NAME.draft" and renamed by RecordWriter::finish(); a file of
  /// that name stays till then, and after an error. What is no regular file, such as a pipe, is written at
  /// once.
  kWhenFinished,
};

/// DIR/web.jsonl, calls.jsonl and purchases.jsonl, each anew; the directory is made. Errors (external).
Result<std::unique_ptr<RecordWriter>> write_to_directory(const std::filesystem::path& directory,
                                                         FileAppears appears = FileAppears::kWhenFinished);
/// All records into one file, anew; "-" is the standard output. Errors (external).
Result<std::unique_ptr<RecordWriter>> write_to_file(const std::filesystem::path& file,
                                                    FileAppears appears = FileAppears::kWhenFinished);

}  // namespace eddy

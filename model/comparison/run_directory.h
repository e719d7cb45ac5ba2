#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/comparison/finished_run.h"

namespace eddy {

/// What the runs of one directory have in common: names, and values as text, such as ("--epochs", "12").
using SharedInputs = std::vector<std::pair<std::string, std::string>>;

/// Where a comparison keeps what it has:
///
///     comparison.json    what all runs have in common
///     runs/NAME.json     a finished run each; written beside, made durable, renamed
///     results.…          reports
///
/// Held by one process at a time. One thread.
class RunDirectory {
 public:
  /// Makes the directory if there is none. Errors (user's): it holds runs of other inputs, of which the
  /// message names each one with both values; another process works in it; (external): the disk failed.
  static Result<RunDirectory> open(std::filesystem::path path, const SharedInputs& inputs);
  RunDirectory(RunDirectory&& other) noexcept;
  RunDirectory& operator=(RunDirectory&&) = delete;
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;
  ~RunDirectory();

  /// The run if it is finished. Errors (user's): a file that is no such run; (external): the disk failed.
  [[nodiscard]] Result<std::optional<FinishedRun>> find(const RunKey& key, std::size_t test_events) const;
  /// Keeps a finished run.
  Result<void> keep(const FinishedRun& run) const;
  /// Writes or replaces a file such as "results.json".
  Result<void> write(std::string_view name, std::string_view content) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  RunDirectory(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_ = -1;  // a descriptor of the directory, locked; the system frees it when the process ends
};

}  // namespace eddy

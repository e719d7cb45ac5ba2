#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "simulate/record_writer.h"

namespace eddy {

/// The work that Eddy is measured by: events of uniform users, three quarters actions with 3 of 512 tags in
/// sessions of about 8, one quarter utterances of 10 to 16 words in calls of about 10.
struct StandardWorkOptions {
  std::uint64_t seed = 1;
  std::size_t events = 1'000'000;
  std::size_t users = 100'000;
};

/// How many events of each type were written.
struct StandardWorkSummary {
  std::size_t actions = 0;
  std::size_t utterances = 0;
};

/// Writes the standard work: event n happens at 1,700,000,000,000 + n milliseconds. The same options give the
/// same bytes. Does not call finish(). Errors: those of the writer.
Result<StandardWorkSummary> write_standard_work(
    const StandardWorkOptions& options, RecordWriter& writer,
    const std::function<void(std::size_t done, std::size_t total)>& progress = {});

}  // namespace eddy

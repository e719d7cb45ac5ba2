#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "event/event_time.h"

namespace eddy {

/// What a file source must know of a record before it is decoded.
struct PeekedRecord {
  std::optional<std::string_view> user;  ///< nothing: no JSON object with a user; valid until the next peek
  std::optional<EventTime> time;         ///< nothing: not asked for, or unreadable
};

/// Finds `user` and `time` of a JSON record without reading the rest. One thread at a time.
class RecordPeek {
 public:
  RecordPeek();
  ~RecordPeek();
  RecordPeek(const RecordPeek&) = delete;
  RecordPeek& operator=(const RecordPeek&) = delete;

  /// LineReader::kPadding readable bytes must follow `json`.
  PeekedRecord peek(std::string_view json, bool with_time);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/event.h"

namespace eddy {

/// What a record may hold at most; beyond it the record is refused. Sizes are bytes of the decoded string.
struct JsonEventLimits {
  std::size_t max_record_bytes = std::size_t{4} << 20U;
  std::size_t max_depth = 64;          ///< objects and arrays inside each other, ignored fields included
  std::size_t max_id_bytes = 256;      ///< user, session, call, visitor, event id, item, encoder
  std::size_t max_tags = 256;          ///< tags of an action, keywords of an utterance
  std::size_t max_tag_bytes = 256;     ///< of one tag or keyword
  std::size_t max_text_bytes = 65536;  ///< of one utterance
  std::size_t max_items = 1024;        ///< of a purchase or a portfolio
  std::size_t max_embedding = 4096;    ///< numbers
};

/// Reads events from JSON, one object a message (docs/events.md). The whole record is validated, ignored
/// fields included: syntax, UTF-8, numbers that fit. An instance keeps scratch memory and belongs to one
/// thread.
class JsonEventReader {
 public:
  explicit JsonEventReader(const JsonEventLimits& limits = {});
  ~JsonEventReader();
  JsonEventReader(JsonEventReader&&) noexcept;
  JsonEventReader& operator=(JsonEventReader&&) noexcept;

  /// Replaces `out`, whose memory is reused; after an error it holds anything. `padded_json` is followed by
  /// Batch::kPadding readable bytes. Error (user's, for the dead letters): one line that names the field and
  /// what is wrong with it; always valid UTF-8.
  Result<void> read(std::string_view padded_json, Event& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads one event at leisure: copies, and makes a reader for it. For tests and small inputs.
Result<Event> read_event(std::string json, const JsonEventLimits& limits = {});

}  // namespace eddy

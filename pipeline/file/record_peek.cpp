#include "pipeline/file/record_peek.h"

#include <simdjson.h>

#include "pipeline/file/line_reader.h"

namespace eddy {

static_assert(LineReader::kPadding >= simdjson::SIMDJSON_PADDING);

class RecordPeek::Impl {
 public:
  simdjson::ondemand::parser parser;
};

RecordPeek::RecordPeek() : impl_(std::make_unique<Impl>()) {}
RecordPeek::~RecordPeek() = default;

PeekedRecord RecordPeek::peek(std::string_view json, bool with_time) {
  PeekedRecord record;
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(json.data(), json.size(), json.size() + LineReader::kPadding);
  if (impl_->parser.iterate(padded).get(document) != simdjson::SUCCESS) return record;
  simdjson::ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return record;
  std::string_view user;
  if (object.find_field_unordered("user").get_string().get(user) == simdjson::SUCCESS) record.user = user;
  if (!with_time) return record;
  simdjson::ondemand::value value;
  if (object.find_field_unordered("time").get(value) != simdjson::SUCCESS) return record;
  simdjson::ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return record;
  std::string_view text;
  std::int64_t milliseconds = 0;
  if (type == simdjson::ondemand::json_type::string && value.get_string().get(text) == simdjson::SUCCESS) {
    if (const auto time = parse_rfc3339(text)) record.time = *time;
  } else if (type == simdjson::ondemand::json_type::number &&
             value.get_int64().get(milliseconds) == simdjson::SUCCESS) {
    if (EventTime{milliseconds} >= EventTime{0} && EventTime{milliseconds} <= kLatestEventTime) {
      record.time = EventTime{milliseconds};
    }
  }
  return record;
}

}  // namespace eddy

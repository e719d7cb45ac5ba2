#include "operators/decode/json_event_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "event/batch.h"
#include "operators/decode/event_field.h"
#include "operators/decode/json_text_check.h"

// The DOM interface, not on-demand: it validates what is ignored too, and both of its passes choose the
// machine's widest instructions at run time, while on-demand is bound to what the compiler was told.
namespace eddy {
namespace {

using namespace event_field;
using simdjson::dom::element;
using simdjson::dom::element_type;

static_assert(Batch::kPadding >= simdjson::SIMDJSON_PADDING);

std::string_view name_of(element_type type) {
  switch (type) {
    case element_type::ARRAY:
      return "an array";
    case element_type::OBJECT:
      return "an object";
    case element_type::INT64:
    case element_type::UINT64:
      return "a whole number";
    case element_type::DOUBLE:
      return "a number with a fraction or exponent";
    case element_type::STRING:
      return "a string";
    case element_type::BOOL:
      return "true or false";
    case element_type::NULL_VALUE:
      return "null";
  }
  return "something else";
}

Error refusal(std::string message) {
  return {Fault::kUser, Remedy::kDeadLetter, std::move(message), {}};
}

Error field_error(Field field, std::string_view what) {
  return refusal("field '" + std::string(kFieldNames[field]) + "': " + std::string(what));
}

Error wrong_type(Field field, std::string_view expected, element_type found) {
  return field_error(field, "must be " + std::string(expected) + ", but is " + std::string(name_of(found)));
}

Error syntax_error(simdjson::error_code code, const JsonEventLimits& limits) {
  switch (code) {
    case simdjson::EMPTY:
      return refusal("the value is empty");
    case simdjson::UTF8_ERROR:
      return refusal("the value is not valid UTF-8");
    case simdjson::DEPTH_ERROR:
      return refusal("the value is nested deeper than " + std::to_string(limits.max_depth) + " levels");
    case simdjson::NUMBER_ERROR:
      return refusal("the value is not valid JSON: a number is malformed or out of range");
    case simdjson::STRING_ERROR:
      return refusal("the value is not valid JSON: a string has a broken escape");
    case simdjson::UNCLOSED_STRING:
      return refusal("the value is not valid JSON: a string has no end");
    case simdjson::UNESCAPED_CHARS:
      return refusal("the value is not valid JSON: a control character stands in a string");
    case simdjson::MEMALLOC:
      return {Fault::kInternal, Remedy::kStop, "no memory left to read a record", {}};
    default:
      return refusal("the value is not valid JSON: " + std::string(simdjson::error_message(code)));
  }
}

}  // namespace

class JsonEventReader::Impl {
 public:
  explicit Impl(const JsonEventLimits& limits) : limits_(limits) {}

  Result<void> read(std::string_view json, Event& out) {
    EDDY_ASSIGN(const element document, parse(json));
    EDDY_TRY(collect_fields(document));
    EDDY_TRY(read_string(kUser, limits_.max_id_bytes, out.user.mutable_value()));
    EDDY_TRY(read_time(out.time));
    EDDY_TRY(read_optional_string(kId, out.id.mutable_value()));
    if (!has(kType)) return field_error(kType, "is missing");
    std::string_view type;
    if (fields_[kType].get_string().get(type)) return wrong_type(kType, "a string", fields_[kType].type());
    return read_body(type, out.body);
  }

 private:
  static constexpr std::size_t kUsualCapacity = std::size_t{64} << 10U;

  Result<element> parse(std::string_view json) {
    if (json.size() > limits_.max_record_bytes) {
      return refusal("the value has " + std::to_string(json.size()) + " bytes, more than " +
                     std::to_string(limits_.max_record_bytes));
    }
    // The parser needs some 14 bytes for each byte of its capacity: what a giant needed is given back after
    // it.
    const std::size_t capacity = json.size() <= kUsualCapacity ? kUsualCapacity : std::bit_ceil(json.size());
    if (parser_.capacity() != capacity) {
      if (auto code = parser_.allocate(capacity, limits_.max_depth)) return syntax_error(code, limits_);
      if (auto code = parser_.doc.allocate(capacity)) return syntax_error(code, limits_);
    }
    element document;
    if (auto code = parser_.parse(json.data(), json.size(), false).get(document))
      return syntax_error(code, limits_);
    if (!surrogates_are_paired(json))
      return refusal("the value is not valid UTF-8: half of a surrogate pair");
    return document;
  }

  Result<void> collect_fields(element document) {
    present_ = 0;
    simdjson::dom::object object;
    if (document.get_object().get(object)) {
      return refusal("the value must be an object, but is " + std::string(name_of(document.type())));
    }
    for (const auto [key, value] : object) {
      const Field field = field_of(key);
      if (field == kFieldCount) continue;
      if ((seen_bit(field) & present_) != 0) return field_error(field, "is there twice");
      present_ |= seen_bit(field);
      fields_[field] = value;
    }
    // An optional field that is null is one that is absent; its bit goes only now, so that it cannot be there
    // twice.
    for (std::uint32_t rest = present_; rest != 0; rest &= rest - 1) {
      const auto field = static_cast<Field>(std::countr_zero(rest));
      if (fields_[field].is_null()) present_ &= ~seen_bit(field);
    }
    return {};
  }

  static std::uint32_t seen_bit(Field field) { return 1U << field; }
  [[nodiscard]] bool has(Field field) const { return (present_ & seen_bit(field)) != 0; }

  Result<void> check_size(Field field, std::string_view value, std::size_t most) const {
    if (value.size() <= most) return {};
    return field_error(field,
                       "has " + std::to_string(value.size()) + " bytes, more than " + std::to_string(most));
  }

  /// A required string that is not empty.
  Result<void> read_string(Field field, std::size_t most, std::string& out) const {
    if (!has(field)) return field_error(field, "is missing");
    std::string_view value;
    if (fields_[field].get_string().get(value)) return wrong_type(field, "a string", fields_[field].type());
    if (value.empty()) return field_error(field, "is empty");
    EDDY_TRY(check_size(field, value, most));
    out.assign(value);
    return {};
  }

  Result<void> read_optional_string(Field field, std::string& out) const {
    out.clear();
    if (!has(field)) return {};
    std::string_view value;
    if (fields_[field].get_string().get(value)) return wrong_type(field, "a string", fields_[field].type());
    EDDY_TRY(check_size(field, value, limits_.max_id_bytes));
    out.assign(value);
    return {};
  }

  Result<void> read_time(EventTime& out) const {
    if (!has(kTime)) return field_error(kTime, "is missing");
    const element& field = fields_[kTime];
    std::int64_t milliseconds = 0;
    std::string_view text;
    if (!field.get_int64().get(milliseconds)) {
      out = EventTime{milliseconds};
      if (out >= EventTime{0} && out <= kLatestEventTime) return {};
      return field_error(kTime, "is out of range: milliseconds since 1970, up to the year 9999");
    }
    if (field.get_string().get(text)) {
      if (field.is_uint64())
        return field_error(kTime, "is out of range: milliseconds since 1970, up to the year 9999");
      return wrong_type(kTime, "an RFC 3339 string or whole milliseconds since 1970", field.type());
    }
    auto time = parse_rfc3339(text);
    if (!time) {
      return field_error(kTime,
                         "is not RFC 3339 with a time zone, of the years 1970 to 9999: " + quoted(text));
    }
    out = *time;
    return {};
  }

  /// The elements of a required array of strings; `Text` is std::string or an id.
  template <class Text, class Assign>
  Result<void> read_strings(Field field, std::size_t most, std::size_t most_bytes, std::vector<Text>& out,
                            const Assign& assign) const {
    simdjson::dom::array array;
    if (fields_[field].get_array().get(array)) {
      return wrong_type(field, "an array of strings", fields_[field].type());
    }
    // The tape's own size saturates, and says nothing of the capacity that is wise to reserve.
    std::size_t count = 0;
    for (const element entry : array) {
      std::string_view value;
      if (entry.get_string().get(value)) {
        return wrong_type(field, "an array of strings", entry.type());
      }
      if (value.empty()) return field_error(field, "has an empty string");
      EDDY_TRY(check_size(field, value, most_bytes));
      if (count == most) return field_error(field, "has more than " + std::to_string(most) + " entries");
      if (count == out.size()) out.emplace_back();
      assign(out[count++], value);
    }
    out.resize(count);
    return {};
  }

  Result<void> read_tags(Field field, std::vector<std::string>& out) const {
    return read_strings(field, limits_.max_tags, limits_.max_tag_bytes, out,
                        [](std::string& tag, std::string_view value) { tag.assign(value); });
  }

  Result<void> read_items(std::vector<ItemId>& out) const {
    if (!has(kItems)) return field_error(kItems, "is missing");
    return read_strings(kItems, limits_.max_items, limits_.max_id_bytes, out,
                        [](ItemId& item, std::string_view value) { item.mutable_value().assign(value); });
  }

  Result<void> read_embedding(std::vector<float>& out) const {
    out.clear();
    if (!has(kEmbedding)) return {};
    simdjson::dom::array array;
    if (fields_[kEmbedding].get_array().get(array)) {
      return wrong_type(kEmbedding, "an array of numbers", fields_[kEmbedding].type());
    }
    for (const element entry : array) {
      double value = 0;
      if (entry.get_double().get(value)) return wrong_type(kEmbedding, "an array of numbers", entry.type());
      if (!(std::abs(value) <= FLT_MAX))
        return field_error(kEmbedding, "has a number that no float can hold");
      if (out.size() == limits_.max_embedding) {
        return field_error(kEmbedding, "has more than " + std::to_string(limits_.max_embedding) + " numbers");
      }
      out.push_back(static_cast<float>(value));
    }
    return {};
  }

  Result<void> read_seq(std::uint32_t& out) const {
    if (!has(kSeq)) return field_error(kSeq, "is missing");
    const element& field = fields_[kSeq];
    if (!field.is_int64() && !field.is_uint64()) return wrong_type(kSeq, "a whole number", field.type());
    std::uint64_t value = 0;
    if (field.get_uint64().get(value) || value > UINT32_MAX) {
      return field_error(kSeq, "is out of range: 0 to 4294967295");
    }
    out = static_cast<std::uint32_t>(value);
    return {};
  }

  Result<void> read_speaker(Speaker& out) const {
    if (!has(kSpeaker)) return field_error(kSpeaker, "is missing");
    std::string_view value;
    if (fields_[kSpeaker].get_string().get(value))
      return wrong_type(kSpeaker, "a string", fields_[kSpeaker].type());
    if (value != "customer" && value != "agent") {
      return field_error(kSpeaker, "must be customer or agent, but is " + quoted(value));
    }
    out = value == "agent" ? Speaker::kAgent : Speaker::kCustomer;
    return {};
  }

  /// What is said may be nothing: recognisers send empty texts.
  Result<void> read_text(std::string& out) const {
    if (!has(kText)) return field_error(kText, "is missing");
    std::string_view value;
    if (fields_[kText].get_string().get(value)) return wrong_type(kText, "a string", fields_[kText].type());
    EDDY_TRY(check_size(kText, value, limits_.max_text_bytes));
    out.assign(value);
    return {};
  }

  template <class Body>
  static Body& hold(EventBody& body) {
    if (auto* same = std::get_if<Body>(&body)) return *same;
    return body.emplace<Body>();
  }

  Result<void> read_body(std::string_view type, EventBody& body) const {
    if (type == "action") {
      auto& action = hold<Action>(body);
      EDDY_TRY(read_optional_string(kSession, action.session.mutable_value()));
      if (!has(kTags)) return field_error(kTags, "is missing");
      return read_tags(kTags, action.tags);
    }
    if (type == "utterance") return read_utterance(hold<Utterance>(body));
    if (type == "call_started") {
      return read_string(kCall, limits_.max_id_bytes, hold<CallStarted>(body).call.mutable_value());
    }
    if (type == "call_ended") {
      return read_string(kCall, limits_.max_id_bytes, hold<CallEnded>(body).call.mutable_value());
    }
    if (type == "purchase") {
      auto& purchase = hold<Purchase>(body);
      EDDY_TRY(read_items(purchase.items));
      if (purchase.items.empty()) return field_error(kItems, "is empty");
      return {};
    }
    if (type == "portfolio") return read_items(hold<Portfolio>(body).items);
    if (type == "identify") {
      return read_string(kVisitor, limits_.max_id_bytes, hold<Identify>(body).visitor.mutable_value());
    }
    if (type == "forget") {
      hold<Forget>(body);
      return {};
    }
    return field_error(kType, "no type that is known: " + quoted(type));
  }

  Result<void> read_utterance(Utterance& out) const {
    EDDY_TRY(read_string(kCall, limits_.max_id_bytes, out.call.mutable_value()));
    EDDY_TRY(read_seq(out.seq));
    EDDY_TRY(read_speaker(out.speaker));
    EDDY_TRY(read_text(out.text));
    out.is_final = true;
    if (has(kFinal) && fields_[kFinal].get_bool().get(out.is_final)) {
      return wrong_type(kFinal, "true or false", fields_[kFinal].type());
    }
    if (has(kKeywords)) {
      EDDY_TRY(read_tags(kKeywords, out.keywords));
    } else {
      out.keywords.clear();
    }
    EDDY_TRY(read_optional_string(kEncoder, out.encoder));
    EDDY_TRY(read_embedding(out.embedding));
    if (!out.is_final && !out.embedding.empty()) {
      return field_error(kEmbedding, "belongs to final utterances only, and this one is partial");
    }
    return {};
  }

  const JsonEventLimits limits_;
  simdjson::dom::parser parser_;
  std::array<element, kFieldCount> fields_;
  std::uint32_t present_ = 0;
};

JsonEventReader::JsonEventReader(const JsonEventLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
JsonEventReader::~JsonEventReader() = default;
JsonEventReader::JsonEventReader(JsonEventReader&&) noexcept = default;
JsonEventReader& JsonEventReader::operator=(JsonEventReader&&) noexcept = default;

Result<void> JsonEventReader::read(std::string_view padded_json, Event& out) {
  return impl_->read(padded_json, out);
}

Result<Event> read_event(std::string json, const JsonEventLimits& limits) {
  JsonEventReader reader(limits);
  const std::size_t size = json.size();
  json.append(Batch::kPadding, ' ');
  Event event;
  EDDY_TRY(reader.read(std::string_view(json).substr(0, size), event));
  return event;
}

}  // namespace eddy

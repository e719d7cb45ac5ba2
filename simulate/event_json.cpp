#include "simulate/event_json.h"

#include <variant>

#include "event/json_writer.h"

namespace eddy {

namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_json_string(out, value);
}

template <class Strings, class Text>
void append_array(std::string& out, std::string_view name, const Strings& values, const Text& text) {
  out += ",\"";
  out += name;
  out += "\":[";
  bool is_first = true;
  for (const auto& value : values) {
    if (!is_first) out += ',';
    is_first = false;
    append_json_string(out, text(value));
  }
  out += ']';
}

struct AppendBody {
  std::string& out;

  void operator()(const Action& action) const {
    if (!action.session.value().empty()) append_field(out, "session", action.session.value());
    append_array(out, "tags", action.tags, [](const std::string& tag) -> const std::string& { return tag; });
  }
  void operator()(const Utterance& utterance) const {
    append_field(out, "call", utterance.call.value());
    out += ",\"seq\":" + std::to_string(utterance.seq);
    append_field(out, "speaker", utterance.speaker == Speaker::kCustomer ? "customer" : "agent");
    if (!utterance.is_final) out += ",\"final\":false";
    append_field(out, "text", utterance.text);
    if (!utterance.keywords.empty()) {
      append_array(out, "keywords", utterance.keywords,
                   [](const std::string& word) -> const std::string& { return word; });
    }
    if (!utterance.embedding.empty()) append_numbers("embedding", utterance.embedding);
    if (!utterance.encoder.empty()) append_field(out, "encoder", utterance.encoder);
  }
  void operator()(const CallStarted& call) const { append_field(out, "call", call.call.value()); }
  void operator()(const CallEnded& call) const { append_field(out, "call", call.call.value()); }
  void operator()(const Purchase& purchase) const { append_items(purchase.items); }
  void operator()(const Portfolio& portfolio) const { append_items(portfolio.items); }
  void operator()(const Identify& identify) const { append_field(out, "visitor", identify.visitor.value()); }
  void operator()(const Forget& /*forget*/) const {}

  void append_numbers(std::string_view name, const std::vector<float>& values) const {
    out += ",\"";
    out += name;
    out += "\":";
    char separator = '[';
    for (const float value : values) {
      out += separator;
      append_json_number(out, value);
      separator = ',';
    }
    out += ']';
  }

  void append_items(const std::vector<ItemId>& items) const {
    append_array(out, "items", items, [](const ItemId& item) -> const std::string& { return item.value(); });
  }
};

}  // namespace

void append_json(const Event& event, std::string& out) {
  out += "{\"type\":\"";
  out += type_name(event.body);
  out += '"';
  if (!event.id.value().empty()) append_field(out, "id", event.id.value());
  append_field(out, "user", event.user.value());
  out += ",\"time\":" + std::to_string(event.time.milliseconds);
  std::visit(AppendBody{out}, event.body);
  out += '}';
}

}  // namespace eddy

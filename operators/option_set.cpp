#include "operators/option_set.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "operators/quantities.h"

namespace eddy {
namespace {

using Milliseconds = std::chrono::milliseconds;

// Bounds at or beyond this are no bounds in a reader's eyes.
constexpr double kUnbounded = 4.6e18;

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::string number_text(double number) {
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  return error == std::errc() ? std::string(buffer, end) : std::to_string(number);
}

template <class T>
std::optional<T> parse_number(const std::string& text) {
  T number{};
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (text.size() > 1 && *begin == '+' && text[1] != '-') ++begin;
  const auto [rest, error] = std::from_chars(begin, end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

std::string kind_of(const ParamNode& node) {
  if (node.is_null()) return "nothing";
  if (node.list() != nullptr) return "a list";
  if (node.map() != nullptr) return "a map";
  return "'" + node.shown() + "'";
}

/// Each kind of target: its name in the documentation, what a mistake asks for, its default as YAML, and a
/// bound as text.
struct TargetText {
  std::string type, wanted, value;
  std::string (*bound)(double) = nullptr;
};

TargetText describe(std::monostate) {
  return {"", "", "", nullptr};
}
TargetText describe(const bool* target) {
  return {"true or false", "true or false", *target ? "true" : "false", nullptr};
}
template <class Integer>
TargetText describe(const Integer* target) {
  return {"integer", "an integer", std::to_string(*target),
          [](double bound) { return std::to_string(static_cast<std::int64_t>(bound)); }};
}
TargetText describe(const double* target) {
  return {"number", "a number", number_text(*target), [](double bound) { return number_text(bound); }};
}
TargetText describe(const std::string* target) {
  return {"text", "a text", target->empty() ? "\"\"" : *target, nullptr};
}
TargetText describe(const ByteSize* target) {
  return {"size", "a size such as 64MiB", to_string(*target),
          [](double bound) { return to_string(ByteSize{static_cast<std::uint64_t>(bound)}); }};
}
TargetText describe(OptionSet::ByteCount target) {
  const ByteSize size{*target.bytes};
  return describe(&size);
}
TargetText describe(const Milliseconds* target) {
  return {"duration", "a duration such as 100ms, 5s, 30min, 1h or 7d", to_string(*target),
          [](double bound) { return to_string(Milliseconds(static_cast<std::int64_t>(bound))); }};
}
TargetText describe(const std::vector<std::string>* target) {
  return {"list of texts", "a list of texts", "[" + joined(*target) + "]", nullptr};
}
TargetText describe(const std::map<std::string, std::string>* target) {
  std::vector<std::string> pairs;
  for (const auto& [key, value] : *target) pairs.push_back(key + ": " + value);
  return {"map of texts", "a map of texts", "{" + joined(pairs) + "}", nullptr};
}

std::string bounds_text(const TargetText& text, std::optional<double> least, std::optional<double> most) {
  const bool has_least = least && *least > -kUnbounded;
  const bool has_most = most && *most < kUnbounded;
  if (text.bound == nullptr || (!has_least && !has_most)) return {};
  if (!has_most) return "at least " + text.bound(*least);
  if (!has_least) return "at most " + text.bound(*most);
  return text.bound(*least) + " to " + text.bound(*most);
}

/// Parsing by kind of target: false if the node is of the wrong kind. `measure` is what the bounds speak of.
struct Assign {
  const ParamNode& node;
  std::optional<double> measure{};

  bool operator()(std::monostate) { return true; }
  bool operator()(bool* target) {
    const std::string* text = node.scalar();
    if (text == nullptr || (*text != "true" && *text != "false")) return false;
    *target = *text == "true";
    return true;
  }
  bool operator()(std::int32_t* target) { return number(target); }
  bool operator()(std::int64_t* target) { return number(target); }
  bool operator()(std::size_t* target) { return number(target); }
  bool operator()(OptionSet::ByteCount target) {
    ByteSize size;
    if (!(*this)(&size)) return false;
    *target.bytes = size.bytes;
    return true;
  }
  bool operator()(double* target) {
    const double before = *target;
    if (number(target) && std::isfinite(*target)) return true;
    *target = before;
    return false;
  }
  bool operator()(std::string* target) {
    if (node.scalar() == nullptr) return false;
    *target = *node.scalar();
    return true;
  }
  bool operator()(ByteSize* target) {
    const auto size = node.scalar() ? parse_byte_size(*node.scalar()) : std::nullopt;
    if (!size) return false;
    *target = *size;
    measure = static_cast<double>(size->bytes);
    return true;
  }
  bool operator()(Milliseconds* target) {
    const auto duration = node.scalar() ? parse_duration(*node.scalar()) : std::nullopt;
    if (!duration) return false;
    *target = *duration;
    measure = static_cast<double>(duration->count());
    return true;
  }
  bool operator()(std::vector<std::string>* target) {
    if (node.scalar() != nullptr) {
      *target = {*node.scalar()};
      return true;
    }
    if (node.list() == nullptr) return false;
    std::vector<std::string> texts;
    for (const ParamNode& element : *node.list()) {
      if (element.scalar() == nullptr) return false;
      texts.push_back(*element.scalar());
    }
    *target = std::move(texts);
    return true;
  }
  bool operator()(std::map<std::string, std::string>* target) {
    if (node.map() == nullptr) return false;
    std::map<std::string, std::string> pairs;
    for (const auto& [key, value] : *node.map()) {
      if (value.scalar() == nullptr) return false;
      pairs[key] = *value.scalar();
    }
    *target = std::move(pairs);
    return true;
  }

 private:
  template <class T>
  bool number(T* target) {
    const auto parsed = node.scalar() ? parse_number<T>(*node.scalar()) : std::nullopt;
    if (!parsed) return false;
    *target = *parsed;
    measure = static_cast<double>(*parsed);
    return true;
  }
};

}  // namespace

OptionSet::Option& OptionSet::append(std::string name, Target target, std::string sentence) {
  Option& option = options_.emplace_back();
  option.name = std::move(name);
  option.target = target;
  option.sentence = std::move(sentence);
  return option;
}

OptionSet& OptionSet::append_bounded(std::string name, Target target, double least, double most,
                                     std::string sentence) {
  Option& option = append(std::move(name), target, std::move(sentence));
  option.least = least;
  option.most = most;
  return *this;
}

OptionSet& OptionSet::add(std::string name, std::int64_t* target, std::int64_t least, std::int64_t most,
                          std::string sentence) {
  return append_bounded(std::move(name), target, static_cast<double>(least), static_cast<double>(most),
                        std::move(sentence));
}

OptionSet& OptionSet::add(std::string name, std::int32_t* target, std::int32_t least, std::int32_t most,
                          std::string sentence) {
  return append_bounded(std::move(name), target, static_cast<double>(least), static_cast<double>(most),
                        std::move(sentence));
}

OptionSet& OptionSet::add(std::string name, std::size_t* target, std::size_t least, std::size_t most,
                          std::string sentence) {
  return append_bounded(std::move(name), target, static_cast<double>(least), static_cast<double>(most),
                        std::move(sentence));
}

OptionSet& OptionSet::add(std::string name, double* target, double least, double most, std::string sentence) {
  return append_bounded(std::move(name), target, least, most, std::move(sentence));
}

OptionSet& OptionSet::add(std::string name, ByteSize* target, ByteSize least, ByteSize most,
                          std::string sentence) {
  return append_bounded(std::move(name), target, static_cast<double>(least.bytes),
                        static_cast<double>(most.bytes), std::move(sentence));
}

OptionSet& OptionSet::add_bytes(std::string name, std::size_t* target, ByteSize least, ByteSize most,
                                std::string sentence) {
  return append_bounded(std::move(name), ByteCount{target}, static_cast<double>(least.bytes),
                        static_cast<double>(most.bytes), std::move(sentence));
}

OptionSet& OptionSet::add(std::string name, Milliseconds* target, Milliseconds least, Milliseconds most,
                          std::string sentence) {
  return append_bounded(std::move(name), target, static_cast<double>(least.count()),
                        static_cast<double>(most.count()), std::move(sentence));
}

OptionSet& OptionSet::add(std::string name, bool* target, std::string sentence) {
  append(std::move(name), target, std::move(sentence));
  return *this;
}

OptionSet& OptionSet::add(std::string name, std::string* target, std::string sentence) {
  append(std::move(name), target, std::move(sentence));
  return *this;
}

OptionSet& OptionSet::add(std::string name, std::string* target, std::vector<std::string> choices,
                          std::string sentence) {
  append(std::move(name), target, std::move(sentence)).choices = std::move(choices);
  return *this;
}

OptionSet& OptionSet::add(std::string name, std::vector<std::string>* target, std::string sentence) {
  append(std::move(name), target, std::move(sentence));
  return *this;
}

OptionSet& OptionSet::add(std::string name, std::map<std::string, std::string>* target,
                          std::string sentence) {
  append(std::move(name), target, std::move(sentence));
  return *this;
}

OptionSet& OptionSet::add_nested(std::string name, std::string type, std::string default_value,
                                 std::string sentence) {
  Option& option = append(std::move(name), std::monostate(), std::move(sentence));
  option.nested_type = std::move(type);
  option.nested_default = std::move(default_value);
  return *this;
}

OptionSet& OptionSet::required() {
  if (!options_.empty()) options_.back().is_required = true;
  return *this;
}

void OptionSet::read_option(const Option& option, const ParamNode& value,
                            std::vector<Error>& mistakes) const {
  const auto mistake = [&](const std::string& rest) {
    mistakes.push_back(user_error(section_ + ": '" + option.name + "' " + rest, value.where));
  };
  if (std::holds_alternative<std::monostate>(option.target)) return;
  if (value.is_null()) return mistake("has no value; leave the line out for the default");

  const TargetText text = std::visit([](auto target) { return describe(target); }, option.target);
  Assign assign{value};
  if (!std::visit(assign, option.target))
    return mistake("must be " + text.wanted + ", not " + kind_of(value));
  if ((assign.measure && option.least && *assign.measure < *option.least) ||
      (assign.measure && option.most && *assign.measure > *option.most)) {
    return mistake("must be " + bounds_text(text, option.least, option.most) + ", not " + kind_of(value));
  }
  const auto& choices = option.choices;
  if (choices.empty() || std::find(choices.begin(), choices.end(), *value.scalar()) != choices.end()) return;
  const std::string nearest = nearest_name(value.shown(), choices);
  mistake("must be one of " + joined(choices) + ", not " + kind_of(value) +
          (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

void OptionSet::read(const ParamNode& node, std::vector<Error>& mistakes) const {
  const auto mistake = [&](const std::string& message, const ParamNode& place) {
    mistakes.push_back(user_error(section_ + ": " + message, place.where));
  };
  if (!node.is_null() && node.map() == nullptr) {
    return mistake("wants settings as 'name: value', not " + kind_of(node), node);
  }
  std::vector<std::string> names;
  for (const Option& option : options_) {
    names.push_back(option.name);
    const ParamNode* value = node.find(option.name);
    if (value != nullptr) {
      read_option(option, *value, mistakes);
    } else if (option.is_required) {
      mistake("'" + option.name + "' must be given (" + option.sentence + ")", node);
    }
  }
  if (node.map() == nullptr) return;
  for (const auto& [key, value] : *node.map()) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    const std::string nearest = nearest_name(key, names);
    const std::string hint = !nearest.empty() ? "did you mean '" + nearest + "'?"
                             : names.empty()  ? "it takes no settings"
                                              : "there are " + joined(names);
    mistake("unknown setting '" + key + "'; " + hint, value);
  }
}

std::vector<OptionSet::Entry> OptionSet::entries() const {
  std::vector<Entry> entries;
  for (const Option& option : options_) {
    const TargetText text = std::visit([](auto target) { return describe(target); }, option.target);
    Entry& entry = entries.emplace_back();
    const bool is_nested = std::holds_alternative<std::monostate>(option.target);
    entry.name = option.name;
    entry.type = is_nested ? option.nested_type : text.type;
    entry.default_value = is_nested ? option.nested_default : text.value;
    entry.bounds = option.choices.empty() ? bounds_text(text, option.least, option.most)
                                          : "one of " + joined(option.choices);
    entry.sentence = option.sentence;
    entry.is_required = option.is_required;
  }
  return entries;
}

}  // namespace eddy

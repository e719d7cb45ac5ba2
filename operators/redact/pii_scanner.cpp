#include "operators/redact/pii_scanner.h"

#include <algorithm>

#include "operators/redact/number_patterns.h"

namespace eddy {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || is_beyond_ascii(c) || c == '_';
}
bool is_local_part(char c) {
  return is_word(c) || c == '.' || c == '%' || c == '+' || c == '-';
}
bool is_domain(char c) {
  return is_letter(c) || is_digit(c) || is_beyond_ascii(c) || c == '-' || c == '.';
}
bool ends_authority(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '?' || c == '#' || c == '"' || c == '<' ||
         c == '>' || c == '\\';
}

/// The fewest digits that any pattern has.
constexpr std::size_t kFewestDigits = 7;

bool may_hold_pii(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '@') return true;
    digits += static_cast<std::size_t>(is_digit(c));
  }
  return digits >= kFewestDigits;
}

/// The end of a domain at `at` with at least one dot and a last label of letters; 0 if there is none.
std::size_t match_domain(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_domain(text[end])) ++end;
  while (end > at && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  const std::size_t dot = text.substr(at, end - at).rfind('.');
  if (dot == std::string_view::npos || dot == 0 || end - at - dot - 1 < 2) return 0;
  const std::string_view last = text.substr(at + dot + 1, end - at - dot - 1);
  return std::any_of(last.begin(), last.end(), is_digit) ? 0 : end;
}

}  // namespace

std::string_view name_of(PiiKind kind) noexcept {
  static constexpr std::array<std::string_view, kPiiKinds> kNames = {"email", "phone",       "card",
                                                                     "iban",  "national_id", "credentials"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::size_t PiiScanner::replace(PiiKind kind, std::size_t end) {
  ++found_[static_cast<std::size_t>(kind)];
  clean_.push_back('<');
  clean_.append(name_of(kind));
  clean_.push_back('>');
  return end;
}

/// Looks at what starts at `at`, appends it or its token to clean_, and returns where to go on.
std::size_t PiiScanner::step(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == ':' && wants(PiiKind::kCredentials) && text.substr(at, 3) == "://") {
    std::size_t end = at + 3;
    while (end < text.size() && !ends_authority(text[end])) ++end;
    const std::size_t sign = text.substr(at + 3, end - at - 3).rfind('@');
    clean_.append("://");
    if (sign == std::string_view::npos || sign == 0) return at + 3;
    return replace(PiiKind::kCredentials, at + 3 + sign);
  }
  const bool starts_word = at == 0 || !is_word(text[at - 1]);
  if (at >= word_end_ && is_local_part(c)) {
    word_end_ = at;
    while (word_end_ < text.size() && is_local_part(text[word_end_])) ++word_end_;
    if (wants(PiiKind::kEmail) && word_end_ < text.size() && text[word_end_] == '@') {
      if (const std::size_t end = match_domain(text, word_end_ + 1); end > 0)
        return replace(PiiKind::kEmail, end);
    }
  }
  if (starts_word && is_letter(c) && wants(PiiKind::kIban)) {
    if (const std::size_t end = match_iban(text, at); end > 0) return replace(PiiKind::kIban, end);
  }
  if (starts_word && (is_digit(c) || c == '+' || c == '(')) {
    if (const auto match = match_number(text, at, kinds_)) {
      if (match->kind) return replace(*match->kind, match->end);
      clean_.append(text.substr(at, match->end - at));
      return match->end;
    }
  }
  clean_.push_back(c);
  return at + 1;
}

bool PiiScanner::redact(std::string& text) {
  if (!may_hold_pii(text)) return false;
  clean_.clear();
  word_end_ = 0;
  const std::string_view source = text;
  std::size_t at = 0;
  std::size_t replaced = 0;
  for (const std::uint64_t count : found_) replaced += count;
  while (at < source.size()) at = step(source, at);
  for (const std::uint64_t count : found_) replaced -= count;
  if (replaced == 0) return false;
  text.assign(clean_);
  return true;
}

}  // namespace eddy

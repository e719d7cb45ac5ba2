#include "operators/redact/number_patterns.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace eddy {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Digits as they are written: groups with separators between them. Longer numbers than any pattern has are
/// cut off.
struct DigitGroups {
  static constexpr std::size_t kMostDigits = 20;

  struct Group {
    std::size_t first = 0;  // index into digits
    std::size_t size = 0;
    std::size_t end = 0;    // in the text
    char separator = '\0';  // before the group; ' ' stands for several
  };
  std::array<char, kMostDigits> digits{};
  std::array<Group, kMostDigits> groups{};
  std::size_t num_digits = 0;
  std::size_t num_groups = 0;
  bool has_plus = false;

  [[nodiscard]] int number(std::size_t first, std::size_t size) const {
    int value = 0;
    for (std::size_t i = first; i < first + size; ++i) value = value * 10 + (digits[i] - '0');
    return value;
  }
};

/// The end of the separators at `at`: one of "-./", or spaces and brackets (three at most); `at` if there are
/// none.
std::size_t skip_separators(std::string_view text, std::size_t at, char& separator) {
  if (at >= text.size()) return at;
  const char c = text[at];
  separator = c;
  if (c == '-' || c == '.' || c == '/') return at + 1;
  std::size_t end = at;
  while (end < text.size() && end - at < 3 && (text[end] == ' ' || text[end] == '(' || text[end] == ')'))
    ++end;
  if (end < text.size() && end > at && end - at < 3 && text[end] == '-') ++end;
  separator = ' ';
  return end;
}

DigitGroups read_groups(std::string_view text, std::size_t at) {
  DigitGroups number;
  for (const char prefix : {'(', '+', '('}) {
    if (at >= text.size() || text[at] != prefix) continue;
    number.has_plus |= prefix == '+';
    ++at;
  }
  char separator = '\0';
  while (at < text.size() && is_digit(text[at]) && number.num_digits < DigitGroups::kMostDigits) {
    DigitGroups::Group group{number.num_digits, 0, 0, separator};
    while (at < text.size() && is_digit(text[at]) && number.num_digits < DigitGroups::kMostDigits) {
      number.digits[number.num_digits++] = text[at++];
    }
    // Digits that run on into letters, or beyond what any pattern has, are part of something else.
    if (at < text.size() && (is_letter(text[at]) || text[at] == '_' || is_digit(text[at]))) {
      number.num_digits = group.first;
      break;
    }
    group.size = number.num_digits - group.first;
    group.end = at;
    number.groups[number.num_groups++] = group;
    at = skip_separators(text, at, separator);
  }
  return number;
}

bool luhn(const char* digits, std::size_t size) {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = size; i-- > 0; twice = !twice) {
    auto digit = static_cast<unsigned>(digits[i] - '0');
    if (twice) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

/// How many groups from the first make a payment card; 0: none do.
std::size_t card_groups(const DigitGroups& number) {
  std::size_t best = 0;
  for (std::size_t g = 0; g < number.num_groups; ++g) {
    const auto& group = number.groups[g];
    if (g > 0 && group.separator != ' ' && group.separator != '-') break;
    const std::size_t size = group.first + group.size;
    if (size > 19) break;
    // Cards are not written in pairs, phone numbers are; anything may be dictated digit by digit.
    if (g > 0 && group.size < 3 && size != g + 1) break;
    if (size >= 13 && number.digits[0] != '0' && luhn(number.digits.data(), size)) best = g + 1;
  }
  return best;
}

bool is_day_and_month(int day, int month) {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

std::size_t national_id_groups(const DigitGroups& number) {
  const auto& groups = number.groups;
  const auto has_birthday = [&] {
    return is_day_and_month(number.number(0, 2), number.number(2, 2)) ||
           is_day_and_month(number.number(4, 2), number.number(2, 2));
  };
  if (number.num_groups >= 1 && groups[0].size == 10 && has_birthday()) return 1;
  if (number.num_groups < 2) return 0;
  const bool joins = groups[1].separator == '-' || groups[1].separator == ' ';
  if (groups[0].size == 6 && groups[1].size == 4 && joins && has_birthday()) return 2;
  if (number.num_groups >= 3 && groups[0].size == 3 && groups[1].size == 2 && groups[2].size == 4 &&
      groups[1].separator == '-' && groups[2].separator == '-') {
    return 3;
  }
  return 0;
}

/// 2026-03-01, 01.03.2026, 3/1/26: not personal by itself, and too common to lose.
bool is_date(const DigitGroups& number) {
  if (number.num_groups < 3) return false;
  const auto& g = number.groups;
  if (g[1].separator == ' ' || g[1].separator != g[2].separator) return false;
  const auto value = [&](std::size_t i) { return number.number(g[i].first, g[i].size); };
  if (g[0].size == 4 && g[1].size <= 2 && g[2].size <= 2) return is_day_and_month(value(2), value(1));
  if (g[0].size <= 2 && g[1].size <= 2 && (g[2].size == 4 || g[2].size == 2)) {
    return is_day_and_month(value(0), value(1)) || is_day_and_month(value(1), value(0));
  }
  return false;
}

/// How many groups make an amount such as 1.234.567 or 3.14159265; 0: none do.
std::size_t amount_groups(const DigitGroups& number) {
  const auto is_dotted = [&](std::size_t g) {
    return g < number.num_groups && number.groups[g].separator == '.';
  };
  if (is_dotted(1) && !is_dotted(2) && number.groups[0].size <= 6) return 2;
  if (number.groups[0].size > 3) return 0;
  std::size_t g = 1;
  while (is_dotted(g) && number.groups[g].size == 3) ++g;
  return g >= 3 && !is_dotted(g) ? g : 0;
}

std::size_t phone_groups(const DigitGroups& number) {
  std::size_t num_groups = 0;
  for (std::size_t g = 0; g < number.num_groups; ++g) {
    const auto& group = number.groups[g];
    if (group.first + group.size > 15) break;
    const bool is_dictated = group.first + group.size == g + 1;
    if (g > 0 && group.size == 1 && !is_dictated) break;
    num_groups = g + 1;
  }
  if (num_groups == 0) return 0;
  const auto& last = number.groups[num_groups - 1];
  if (last.first + last.size < 7) return 0;
  return num_groups;
}

struct IbanLength {
  char country[3];
  std::uint8_t length;
};
/// ISO 13616's registry.
constexpr IbanLength kIbanLengths[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
    {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
    {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27},
    {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20},
    {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20}, {"MR", 27},
    {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28},
    {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31},
    {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28},
    {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30}};

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::size_t iban_length(char a, char b) {
  for (const IbanLength& entry : kIbanLengths) {
    if (entry.country[0] == upper(a) && entry.country[1] == upper(b)) return entry.length;
  }
  return 0;
}

/// The first four characters go to the end, letters count from A = 10, and the whole number is 1 mod 97.
bool iban_is_valid(const std::array<char, 34>& iban, std::size_t size) {
  unsigned rest = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const char c = iban[(i + 4) % size];
    rest = is_digit(c) ? rest * 10 + static_cast<unsigned>(c - '0')
                       : rest * 100 + static_cast<unsigned>(upper(c) - 'A') + 10;
    rest %= 97;
  }
  return rest == 1;
}

}  // namespace

std::optional<NumberMatch> match_number(std::string_view text, std::size_t at, std::uint32_t wants) {
  const DigitGroups number = read_groups(text, at);
  if (number.num_groups == 0) return std::nullopt;
  const auto wanted = [&](PiiKind kind) { return (wants & (1U << static_cast<unsigned>(kind))) != 0; };
  const auto match = [&](std::optional<PiiKind> kind, std::size_t num_groups) {
    return NumberMatch{kind, number.groups[num_groups - 1].end};
  };
  if (!number.has_plus) {
    if (const std::size_t n = card_groups(number); n > 0 && wanted(PiiKind::kCard))
      return match(PiiKind::kCard, n);
    if (is_date(number)) return match(std::nullopt, 3);
    if (const std::size_t n = amount_groups(number); n > 0) return match(std::nullopt, n);
    if (const std::size_t n = national_id_groups(number); n > 0 && wanted(PiiKind::kNationalId)) {
      return match(PiiKind::kNationalId, n);
    }
  }
  if (const std::size_t n = phone_groups(number); n > 0 && wanted(PiiKind::kPhone))
    return match(PiiKind::kPhone, n);
  return std::nullopt;
}

std::size_t match_iban(std::string_view text, std::size_t at) {
  if (at + 4 > text.size() || !is_letter(text[at]) || !is_letter(text[at + 1]) || !is_digit(text[at + 2]) ||
      !is_digit(text[at + 3])) {
    return 0;
  }
  const std::size_t length = iban_length(text[at], text[at + 1]);
  std::array<char, 34> iban{};
  std::size_t size = 0;
  std::size_t end = at;
  while (end < text.size() && size < length) {
    if (text[end] == ' ' && text[end - 1] != ' ') {
      ++end;
      continue;
    }
    if (!is_letter(text[end]) && !is_digit(text[end])) return 0;
    iban[size++] = text[end++];
  }
  if (size < length || length == 0) return 0;
  if (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) return 0;
  return iban_is_valid(iban, size) ? end : 0;
}

}  // namespace eddy

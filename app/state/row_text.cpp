#include "app/state/row_text.h"

#include <algorithm>
#include <optional>

#include "state/profile/profile_codec.h"
#include "state/store/key_codec.h"

namespace eddy {
namespace {

std::string printable(std::string_view text) {
  std::string shown(text);
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F; },
      '?');
  return shown;
}

/// "12 sessions in the store, 14 in the changelog", or "the sessions" where as many are there.
void add_part(std::string& parts, bool is_same, const char* name, std::size_t stored, std::size_t changed) {
  if (is_same) return;
  if (!parts.empty()) parts += "; ";
  parts += name;
  if (stored == changed) return;
  parts += " (" + std::to_string(stored) + " in the store, " + std::to_string(changed) + " in the changelog)";
}

std::string changed_profile(const RowDifference& row) {
  const auto stored = decode_facts(row.stored);
  if (!stored) return "the store's profile cannot be read: " + stored.error().message;
  const auto changed = decode_facts(row.changed);
  if (!changed) return "the changelog's profile cannot be read: " + changed.error().message;
  const auto count = [](bool has) { return std::size_t{has ? 1U : 0U}; };
  std::string parts;
  add_part(parts, stored->sessions == changed->sessions, "sessions", stored->sessions.size(),
           changed->sessions.size());
  add_part(parts, stored->calls == changed->calls, "calls", stored->calls.size(), changed->calls.size());
  add_part(parts, stored->purchases == changed->purchases, "purchases", stored->purchases.size(),
           changed->purchases.size());
  add_part(parts, stored->portfolio == changed->portfolio, "portfolio", count(stored->portfolio.has_value()),
           count(changed->portfolio.has_value()));
  add_part(parts, stored->identified_as == changed->identified_as, "identity",
           count(stored->identified_as.has_value()), count(changed->identified_as.has_value()));
  add_part(parts, stored->forgotten_before == changed->forgotten_before, "time of forgetting", 0, 0);
  return "differs in " + (parts.empty() ? "its encoding alone" : parts);
}

std::string offset_text(std::string_view bytes) {
  const auto offset = parse_offset(bytes);
  return offset ? std::to_string(*offset) : "no offset";
}

}  // namespace

std::string row_text(const RowDifference& row) {
  std::string name = "an unknown row";
  const auto user = parse_profile_key(row.key);
  const auto place = parse_position_key(row.key);
  if (user) name = "user '" + printable(user->value()) + "'";
  if (place) name = "position of " + printable(place->first) + "/" + std::to_string(place->second);
  switch (row.kind) {
    case RowDifference::Kind::kMissing:
      return name + ": in the changelog, not in the store";
    case RowDifference::Kind::kExtra:
      return name + ": in the store, not in the changelog";
    case RowDifference::Kind::kChanged:
      break;
  }
  if (user) return name + ": " + changed_profile(row);
  if (!place) return name + ": differs";
  return name + ": " + offset_text(row.stored) + " in the store, " + offset_text(row.changed) +
         " in the changelog";
}

}  // namespace eddy

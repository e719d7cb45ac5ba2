#include "config/overrides.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include "config/yaml_document.h"

namespace eddy {
namespace {

using Map = std::map<std::string, ParamNode>;
using List = std::vector<ParamNode>;

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> keys;
  for (std::size_t begin = 0; begin <= path.size();) {
    const bool is_property = !keys.empty() && keys.back() == "properties";
    const std::size_t end = is_property ? path.size() : std::min(path.find('.', begin), path.size());
    keys.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return keys;
}

std::optional<std::size_t> as_index(const std::string& key) {
  std::size_t index = 0;
  const auto [rest, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc() || rest != key.data() + key.size()) return std::nullopt;
  return index;
}

bool is_named(const ParamNode& element, const std::string& name) {
  if (element.scalar() != nullptr) return *element.scalar() == name;
  return element.map() != nullptr && element.map()->size() == 1 && element.map()->begin()->first == name;
}

/// The element of a list that `key` names or numbers; an Error if there is none, or more than one.
Result<ParamNode*> element_of(List& list, const std::string& key) {
  if (const auto index = as_index(key)) {
    if (*index < list.size()) return &list[*index];
    return user_error("there is no element " + key + "; the list has " + std::to_string(list.size()) +
                      ", counted from 0");
  }
  const auto matches = [&](const ParamNode& element) { return is_named(element, key); };
  const auto found = std::find_if(list.begin(), list.end(), matches);
  if (found == list.end()) return user_error("nothing in the list is named '" + key + "'");
  if (std::find_if(found + 1, list.end(), matches) != list.end()) {
    return user_error("more than one '" + key + "' in the list; give its number, counted from 0");
  }
  // A plain name stands for the name without settings.
  if (found->scalar() != nullptr) found->value = Map{{key, ParamNode{{}, found->where, std::nullopt}}};
  return &std::get<Map>(found->value).at(key);
}

/// The node at the path; maps on the way are made where they are missing.
Result<ParamNode*> node_at(const std::vector<std::string>& keys, const std::string& where, ParamNode& root) {
  ParamNode* node = &root;
  for (const std::string& key : keys) {
    if (auto* list = std::get_if<List>(&node->value)) {
      EDDY_ASSIGN(node, element_of(*list, key));
      continue;
    }
    if (node->is_null()) node->value = Map();
    auto* map = std::get_if<Map>(&node->value);
    if (map == nullptr) return user_error("'" + key + "' is set below a plain value, which has no settings");
    node = &map->try_emplace(key, ParamNode{{}, where, std::nullopt}).first->second;
  }
  return node;
}

Result<void> apply(const std::string& setting, ParamNode& root, std::vector<Error>& mistakes) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0)
    return user_error("wants path=value, as in commit.interval=1s");
  const std::string path = setting.substr(0, equals);
  const std::string where = "--set " + path;
  EDDY_ASSIGN(ParamNode value, parse_yaml(std::string_view(setting).substr(equals + 1), where, mistakes));
  const std::vector<std::string> keys = split_path(path);
  if (std::find(keys.begin(), keys.end(), "") != keys.end()) {
    return user_error("the path has an empty name; write it as a.b.c=value");
  }
  EDDY_ASSIGN(ParamNode * node, node_at(keys, where, root));
  *node = std::move(value);
  node->where = where;
  return {};
}

}  // namespace

void apply_overrides(const std::vector<std::string>& overrides, ParamNode& root,
                     std::vector<Error>& mistakes) {
  for (const std::string& setting : overrides) {
    Result<void> applied = apply(setting, root, mistakes);
    if (applied) continue;
    // The value may be a secret, so that only the path is shown.
    Error mistake = std::move(applied).error();
    mistake.where = "--set " + setting.substr(0, setting.find('='));
    mistakes.push_back(std::move(mistake));
  }
}

}  // namespace eddy

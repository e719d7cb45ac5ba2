#include "config/named_node.h"

namespace eddy {

std::optional<NamedNode> read_named_node(const ParamNode& node, const std::string& what,
                                         std::vector<Error>& mistakes) {
  if (node.scalar() != nullptr && !node.scalar()->empty()) {
    return NamedNode{*node.scalar(), ParamNode{{}, node.where, std::nullopt}};
  }
  if (node.map() != nullptr && node.map()->size() == 1) {
    const auto& [name, settings] = *node.map()->begin();
    return NamedNode{name, settings};
  }
  // Two keys in one element are nearly always settings that were indented too little.
  const bool is_wide = node.map() != nullptr && node.map()->size() > 1;
  mistakes.push_back(
      user_error(what + " is written 'name' or 'name: {settings}'" +
                     (is_wide ? "; this has more than one name: indent the settings under theirs" : ""),
                 node.where));
  return std::nullopt;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

}  // namespace eddy

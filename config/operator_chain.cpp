#include "config/operator_chain.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/named_node.h"

namespace eddy {
namespace {

using Mistakes = std::vector<Error>;

/// Null if it cannot be used; the mistakes say why.
std::optional<ChainedOperator> read_operator(const NamedNode& node, const OperatorRegistry& registry,
                                             Mistakes& mistakes) {
  ChainedOperator chained;
  chained.name = node.name;
  chained.where = node.settings.where;
  chained.factory = registry.make(node.name);
  if (chained.factory == nullptr) {
    const std::string nearest = nearest_name(node.name, registry.names());
    mistakes.push_back(user_error(
        "operators: there is no operator '" + node.name + "'; " +
            (nearest.empty() ? "there are " + joined(registry.names()) : "did you mean '" + nearest + "'?"),
        chained.where));
    return std::nullopt;
  }
  const std::size_t before = mistakes.size();
  chained.factory->options().read(node.settings, mistakes);
  if (mistakes.size() > before) return std::nullopt;
  chained.factory->prepare(node.settings, mistakes);
  if (mistakes.size() > before) return std::nullopt;

  auto instance = chained.factory->create(ShardId(0));
  if (!instance) {
    Error mistake = std::move(instance).error();
    mistake.message = node.name + ": " + mistake.message;
    mistake.where = chained.where;
    mistakes.push_back(std::move(mistake));
    return std::nullopt;
  }
  chained.stage = (*instance)->stage();
  chained.settings = chained.factory->options().entries();
  if (node.settings.map() != nullptr) {
    for (const auto& [key, value] : *node.settings.map()) chained.given.insert(key);
  }
  return chained;
}

/// All built-ins, in the order in which they need each other.
const std::vector<std::string>& builtin_order() {
  static const std::vector<std::string> order = {"decode", "redact", "encode", "fold", "refresh", "publish"};
  return order;
}

/// Names must differ, and the built-ins stand in their order. This needs the names only,
/// so that it is told beside mistakes in the settings.
void check_names(const std::vector<NamedNode>& nodes, Mistakes& mistakes) {
  const auto& order = builtin_order();
  const auto rank = [&](const std::string& name) {
    return std::find(order.begin(), order.end(), name) - order.begin();
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string& name = nodes[i].name;
    const std::string& where = nodes[i].settings.where;
    const bool is_builtin = std::find(order.begin(), order.end(), name) != order.end();
    for (std::size_t j = 0; j < i; ++j) {
      if (nodes[j].name == name) {
        mistakes.push_back(user_error("operators: '" + name + "' is in the chain already", where));
        break;
      }
      const bool both = is_builtin && std::find(order.begin(), order.end(), nodes[j].name) != order.end();
      if (both && rank(name) < rank(nodes[j].name)) {
        mistakes.push_back(
            user_error("operators: '" + name + "' must come before '" + nodes[j].name + "'", where));
        break;
      }
    }
    if (i == 0 && is_builtin && name != order.front()) {
      mistakes.push_back(user_error(
          "operators: '" + name + "' works on events, so the chain must begin with '" + order.front() + "'",
          where));
    }
  }
}

void check_stages(const std::vector<ChainedOperator>& chain, Mistakes& mistakes) {
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (chain[i].stage >= chain[i - 1].stage) continue;
    mistakes.push_back(user_error("operators: '" + chain[i].name + "' works on " + to_string(chain[i].stage) +
                                      ", so it must come before '" + chain[i - 1].name +
                                      "', which works on " + to_string(chain[i - 1].stage),
                                  chain[i].where));
  }
}

}  // namespace

const std::vector<std::string>& default_chain() {
  static const std::vector<std::string> chain = {"decode", "redact", "fold", "refresh", "publish"};
  return chain;
}

std::vector<ChainedOperator> read_operator_chain(const ParamNode& operators, const OperatorRegistry& registry,
                                                 Mistakes& mistakes) {
  if (operators.list() == nullptr || operators.list()->empty()) {
    mistakes.push_back(
        user_error("operators: wants a list such as [" + joined(default_chain()) + "]", operators.where));
    return {};
  }
  std::vector<NamedNode> nodes;
  for (const ParamNode& element : *operators.list()) {
    if (auto node = read_named_node(element, "an operator", mistakes)) nodes.push_back(*std::move(node));
  }
  check_names(nodes, mistakes);
  std::vector<ChainedOperator> chain;
  for (const NamedNode& node : nodes) {
    if (auto chained = read_operator(node, registry, mistakes)) chain.push_back(*std::move(chained));
  }
  check_stages(chain, mistakes);
  return chain;
}

std::string to_string(Operator::Stage stage) {
  switch (stage) {
    case Operator::Stage::kRecords:
      return "records";
    case Operator::Stage::kProfiles:
      return "profiles";
    case Operator::Stage::kOutputs:
      return "outputs";
  }
  return "records";
}

}  // namespace eddy

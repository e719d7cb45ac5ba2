#include "config/settings_loader.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>
#include <utility>

#include "config/cross_checks.h"
#include "config/embedded_configurations.h"
#include "config/overrides.h"
#include "config/settings_sections.h"
#include "config/yaml_document.h"

namespace eddy {
namespace {

using Mistakes = std::vector<Error>;
using Loaded = tl::expected<LoadedSettings, Mistakes>;

/// The number after the last colon of "file:12"; places without one (overrides) come last.
std::size_t line_of(const Error& mistake) {
  constexpr std::size_t kNoLine = static_cast<std::size_t>(-1);
  const std::size_t colon = mistake.where.rfind(':');
  if (colon == std::string::npos || mistake.where.starts_with("--set ")) return kNoLine;
  std::size_t line = kNoLine;
  const char* end = mistake.where.data() + mistake.where.size();
  const auto [rest, error] = std::from_chars(mistake.where.data() + colon + 1, end, line);
  return error == std::errc() && rest == end ? line : kNoLine;
}

/// Each mistake once, by line, without secrets.
Mistakes presentable(Mistakes mistakes, const Secrets& secrets) {
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Error& a, const Error& b) { return line_of(a) < line_of(b); });
  for (Error& mistake : mistakes) mistake.message = secrets.concealed(std::move(mistake.message));
  const auto same = [](const Error& a, const Error& b) {
    return a.message == b.message && a.where == b.where;
  };
  mistakes.erase(std::unique(mistakes.begin(), mistakes.end(), same), mistakes.end());
  return mistakes;
}

ParamNode chain_by_default(const std::string& where) {
  std::vector<ParamNode> names;
  for (const std::string& name : default_chain()) names.push_back({name, where, std::nullopt});
  return {std::move(names), where, std::nullopt};
}

void load_plugins(const ParamNode& root, const Settings& settings, const SettingsRequest& request,
                  OperatorRegistry& registry, Mistakes& mistakes) {
  const ParamNode* node = root.find("plugins");
  for (std::size_t i = 0; i < settings.plugins.size(); ++i) {
    const bool is_element = node->list() != nullptr && i < node->list()->size();
    const std::string& where = is_element ? (*node->list())[i].where : node->where;
    Result<void> loaded = request.load_plugin ? request.load_plugin(settings.plugins[i], registry)
                                              : Result<void>(user_error("plug-ins cannot be loaded here"));
    if (loaded) continue;
    Error mistake = std::move(loaded).error();
    mistake.message = "plugins: " + to_string(mistake);
    mistake.where = where;
    mistakes.push_back(std::move(mistake));
  }
}

Loaded load_tree(ParamNode root, Mistakes mistakes, const SettingsRequest& request,
                 OperatorRegistry& registry) {
  LoadedSettings loaded;
  if (root.is_null()) root.value = std::map<std::string, ParamNode>();
  if (auto* map = std::get_if<std::map<std::string, ParamNode>>(&root.value)) {
    // Here already, so that an override can reach into it.
    map->try_emplace("operators", chain_by_default(root.where));
  }
  apply_overrides(request.overrides, root, mistakes);
  substitute(root, request.surroundings, mistakes);
  loaded.secrets.collect(root);

  Settings& settings = loaded.settings;
  read_sections(root, settings, mistakes);
  if (!request.without_operators) load_plugins(root, settings, request, registry, mistakes);
  const ParamNode* const operators = root.find("operators");
  if (operators != nullptr && !request.without_operators) {
    loaded.chain = read_operator_chain(*operators, registry, mistakes);
  }
  complete_settings(settings);
  check_across(root, settings, loaded.chain, mistakes);
  if (!mistakes.empty()) return tl::unexpected(presentable(std::move(mistakes), loaded.secrets));
  return loaded;
}

Loaded load_document(Result<ParamNode> document, Mistakes mistakes, const SettingsRequest& request,
                     OperatorRegistry& registry) {
  if (!document) {
    mistakes.push_back(std::move(document).error());
    return tl::unexpected(presentable(std::move(mistakes), Secrets()));
  }
  return load_tree(*std::move(document), std::move(mistakes), request, registry);
}

}  // namespace

Loaded load_settings(const SettingsRequest& request, OperatorRegistry& registry) {
  Mistakes mistakes;
  constexpr std::string_view kPreset = "preset:";
  if (request.file == "default" || request.file.starts_with(kPreset)) {
    Result<std::string_view> text = embedded_configuration(request.file);
    if (!text) return tl::unexpected(Mistakes{std::move(text).error()});
    return load_settings_text(*text, request.file, request, registry);
  }
  Result<ParamNode> document = read_yaml(request.file, mistakes);
  return load_document(std::move(document), std::move(mistakes), request, registry);
}

Loaded load_settings_text(std::string_view text, const std::string& name, const SettingsRequest& request,
                          OperatorRegistry& registry) {
  Mistakes mistakes;
  Result<ParamNode> document = parse_yaml(text, name, mistakes);
  return load_document(std::move(document), std::move(mistakes), request, registry);
}

}  // namespace eddy

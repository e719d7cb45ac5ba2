#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/result.h"
#include "config/operator_chain.h"
#include "config/secrets.h"
#include "config/settings.h"
#include "config/substitution.h"
#include "operators/operator_registry.h"

namespace eddy {

/// What is loaded, and from where.
struct SettingsRequest {
  /// A file's path; or "default", or "preset:NAME", for one that is embedded in the program.
  std::string file;
  /// `path=value` settings (config/overrides.h), over the file, which is over the defaults.
  std::vector<std::string> overrides;
  Surroundings surroundings = process_surroundings();
  /// Leaves plug-ins and operators unread: for what needs only sources and sinks, before a bundle is there.
  bool without_operators = false;
  /// Loads a plug-in and adds its operators; unset: plug-ins are refused.
  std::function<Result<void>(const std::string& path, OperatorRegistry& registry)> load_plugin;
};

/// A configuration that was checked whole, ready to run.
struct LoadedSettings {
  Settings settings;
  std::vector<ChainedOperator> chain;
  Secrets secrets;  ///< print settings, and messages that may repeat them, through this
};

/// Loads, fills in and checks everything, operators and plug-ins included. The error is every mistake at
/// once, in the order of the lines, and shows no secret. Never empty.
tl::expected<LoadedSettings, std::vector<Error>> load_settings(const SettingsRequest& request,
                                                               OperatorRegistry& registry);

/// The same for YAML at hand; `name` stands for request.file in the places.
tl::expected<LoadedSettings, std::vector<Error>> load_settings_text(std::string_view text,
                                                                    const std::string& name,
                                                                    const SettingsRequest& request,
                                                                    OperatorRegistry& registry);

}  // namespace eddy

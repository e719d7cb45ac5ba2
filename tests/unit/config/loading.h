#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/settings_loader.h"
#include "unit/config/fake_operators.h"

namespace eddy {

/// A world with these environment variables and secrets' files only.
inline Surroundings fake_surroundings(std::map<std::string, std::string> variables = {},
                                      std::map<std::string, std::string> files = {}) {
  return {
      .variable = [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
      },
      .secret = [files = std::move(files)](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return user_error("'" + path + "' is not a file");
        return found->second;
      }};
}

inline tl::expected<LoadedSettings, std::vector<Error>> load(
    const std::string& yaml, std::vector<std::string> overrides = {},
    Surroundings surroundings = fake_surroundings()) {
  SettingsRequest request;
  request.file = "eddy.yaml";
  request.overrides = std::move(overrides);
  request.surroundings = std::move(surroundings);
  OperatorRegistry registry = fake_registry();
  return load_settings_text(yaml, request.file, request, registry);
}

/// Each mistake as it is printed; empty if there is none.
inline std::vector<std::string> mistakes_of(const std::string& yaml, std::vector<std::string> overrides = {},
                                            Surroundings surroundings = fake_surroundings()) {
  std::vector<std::string> texts;
  const auto loaded = load(yaml, std::move(overrides), std::move(surroundings));
  if (!loaded) {
    EXPECT_FALSE(loaded.error().empty()) << "a failure without a mistake";
    for (const Error& mistake : loaded.error()) texts.push_back(to_string(mistake));
  }
  return texts;
}

/// The least that is a configuration.
inline constexpr const char* kLeast =
    "sources: [{files: {paths: [events.jsonl]}}]\n"
    "sinks: {recommendations: {file: {path: out.jsonl}}}\n";

}  // namespace eddy

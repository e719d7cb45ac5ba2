#include "app/commands/profile.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/profile/profile_json.h"
#include "app/profile/profile_text.h"
#include "app/profile/stored_profile.h"
#include "config/settings_loader.h"
#include "model/bundle.h"
#include "operators/builtin_operators.h"
#include "operators/plugin_loader.h"

namespace eddy {
namespace {

struct ProfileOptions {
  std::string user;
  std::string state;
  std::string config;
  std::string bundle;
  std::size_t limit = 20;
  bool json = false;
  CLI::App* get = nullptr;
};

Result<std::string> state_directory(const ProfileOptions& options) {
  if (!options.state.empty()) return options.state;
  if (options.config.empty()) return user_error("give --state DIR, or --config FILE that names it");
  OperatorRegistry registry;
  EDDY_TRY(add_builtin_operators(registry));
  SettingsRequest request;
  request.file = options.config;
  request.load_plugin = load_plugin;
  const auto loaded = load_settings(request, registry);
  if (!loaded) return loaded.error().front();
  return loaded->settings.state.directory;
}

/// All items by score; those that the portfolio excludes are left out.
Result<Recommendation> ranking_by(const Bundle& bundle, const Facts& facts) {
  Recommendation ranking;
  ranking.model = bundle.model();
  const auto& items = ranking.model->items;
  std::vector<float> scores(items.size());
  const std::array<const Facts*, 1> users{&facts};
  EDDY_TRY(bundle.make_recommender()->score(users, scores.data()));
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (facts.portfolio &&
        !std::binary_search(facts.portfolio->items.begin(), facts.portfolio->items.end(), items[i])) {
      continue;
    }
    ranking.ranked.push_back({i, scores[i]});
  }
  std::stable_sort(ranking.ranked.begin(), ranking.ranked.end(),
                   [](const ScoredItem& a, const ScoredItem& b) { return a.score > b.score; });
  return ranking;
}

Result<void> get_profile(const ProfileOptions& options) {
  EDDY_ASSIGN(const std::string directory, state_directory(options));
  EDDY_ASSIGN(const auto profile, find_stored_profile(directory, UserId(options.user)));
  if (!profile) {
    return user_error(
        "nothing is stored of user '" + options.user + "'; eddy profile list shows who is there", directory);
  }
  std::optional<Recommendation> ranking;
  if (!options.bundle.empty()) {
    EDDY_ASSIGN(const auto bundle, load_bundle(options.bundle));
    EDDY_ASSIGN(ranking, ranking_by(*bundle, profile->facts));
  }
  const Recommendation* const shown = ranking ? &*ranking : nullptr;
  std::cout << (options.json ? profile_json(*profile, shown) : profile_text(*profile, shown));
  return {};
}

Result<void> list_profiles(const ProfileOptions& options) {
  EDDY_ASSIGN(const std::string directory, state_directory(options));
  EDDY_ASSIGN(const auto profiles, list_stored_profiles(directory, options.limit));
  for (const StoredProfile& profile : profiles) std::cout << profile_line(profile) << '\n';
  return {};
}

void add_place_options(CLI::App& command, ProfileOptions& options) {
  command.add_option("--state", options.state, "The state directory");
  command.add_option("--config", options.config, "The configuration that names the state directory");
}

}  // namespace

RunCommand declare_profile_command(CLI::App& command) {
  auto options = std::make_shared<ProfileOptions>();
  command.require_subcommand(1);
  options->get = command.add_subcommand("get", "Show what is stored of a user");
  options->get->add_option("USER", options->user, "The user's id")->required();
  add_place_options(*options->get, *options);
  options->get->add_option("--bundle", options->bundle, "Also show the scores that this model gives");
  options->get->add_flag("--json", options->json, "Everything, as JSON");
  CLI::App* const list = command.add_subcommand("list", "Show who is stored");
  add_place_options(*list, *options);
  list->add_option("--limit", options->limit, "How many users at most")->capture_default_str();
  command.footer(
      "Reads what is committed, also while `eddy run` uses the directory.\n"
      "\n"
      "Examples:\n"
      "  eddy profile get ann --state eddy-state\n"
      "  eddy profile get ann --config eddy.yaml --bundle bundle --json\n"
      "  eddy profile list --state eddy-state --limit 5");
  return [options] { return options->get->parsed() ? get_profile(*options) : list_profiles(*options); };
}

}  // namespace eddy

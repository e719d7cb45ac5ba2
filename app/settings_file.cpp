#include "app/settings_file.h"

#include <iostream>
#include <utility>
#include <variant>

namespace eddy {

Result<LoadedSettings> load_or_tell(const SettingsRequest& request, OperatorRegistry& registry) {
  auto loaded = load_settings(request, registry);
  if (loaded) return std::move(*loaded);
  for (const Error& mistake : loaded.error()) std::cerr << to_string(mistake) << '\n';
  const std::size_t count = loaded.error().size();
  return user_error(request.file + " has " +
                    (count == 1 ? "a mistake" : std::to_string(count) + " mistakes"));
}

Result<LoadedSettings> load_settings_file(const std::string& file,
                                          const std::vector<std::string>& overrides) {
  OperatorRegistry registry;
  SettingsRequest request;
  request.file = file;
  request.overrides = overrides;
  request.without_operators = true;
  return load_or_tell(request, registry);
}

Result<KafkaSourceOptions> kafka_source(const Settings& settings) {
  if (settings.sources.size() != 1) return user_error("the configuration needs one source");
  const auto* const kafka = std::get_if<KafkaSourceOptions>(&settings.sources.front().options);
  if (kafka != nullptr) return *kafka;
  return user_error("the configuration reads files, and this command is for Kafka's topics",
                    settings.sources.front().where);
}

Result<void> concealed(Result<void> result, const Secrets& secrets) {
  if (result) return result;
  Error error = std::move(result).error();
  error.message = secrets.concealed(std::move(error.message));
  return error;
}

}  // namespace eddy

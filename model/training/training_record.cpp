#include "model/training/training_record.h"

#include <nlohmann/json.hpp>

namespace eddy {

std::string to_json(const TrainingRecord& record) {
  const nlohmann::json json{
      {"examples",
       {{"train", record.split.train}, {"validation", record.split.validation}, {"test", record.split.test}}},
      {"validation_share", record.validation_share},
      {"test_share", record.test_share},
      {"session_inactivity_ms", record.session_inactivity.count()},
      {"max_interactions", record.max_interactions},
      {"purchases_without_interaction", record.purchases_without_interaction},
      {"first_test_time", record.first_test_time},
      {"item_shares", record.item_shares},
      {"networks", nlohmann::json::parse(record.networks)}};
  return json.dump();
}

Result<TrainingRecord> training_record(const std::string& manifest) {
  try {
    const nlohmann::json json = nlohmann::json::parse(manifest).at("training");
    TrainingRecord record;
    record.split.train = json.at("examples").at("train");
    record.split.validation = json.at("examples").at("validation");
    record.split.test = json.at("examples").at("test");
    record.validation_share = json.at("validation_share");
    record.test_share = json.at("test_share");
    record.session_inactivity =
        std::chrono::milliseconds(json.at("session_inactivity_ms").get<std::int64_t>());
    record.max_interactions = json.at("max_interactions");
    record.purchases_without_interaction = json.at("purchases_without_interaction");
    record.first_test_time = json.at("first_test_time");
    record.item_shares = json.at("item_shares").get<std::map<std::string, double>>();
    record.networks = json.at("networks").dump();
    return record;
  } catch (const nlohmann::json::exception& error) {
    return user_error(std::string("the bundle does not say how it was trained: ") + error.what(),
                      "manifest.json");
  }
}

std::string to_json(std::span<const SeedOutcome> seeds, std::size_t kept) {
  nlohmann::json json = nlohmann::json::array();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    json.push_back({{"seed", seeds[i].seed},
                    {"epochs", seeds[i].epochs},
                    {"loss", seeds[i].loss},
                    {"validation_loss", seeds[i].validation_loss},
                    {"seconds", seeds[i].seconds},
                    {"kept", i == kept}});
  }
  return json.dump();
}

}  // namespace eddy

#include "model/comparison/finished_run.h"

#include <nlohmann/json.hpp>

namespace eddy {
namespace {

constexpr std::array<const char*, kTestChannels> kHitNames = {"everything", "without sessions",
                                                              "without calls"};

/// A digit or letter for each event: 0 to 9, then a to v for 10 to 31.
std::string text_of(const std::vector<HitMask>& hits) {
  std::string text;
  for (const HitMask mask : hits) text += static_cast<char>(mask < 10 ? '0' + mask : 'a' + (mask - 10));
  return text;
}

std::optional<std::vector<HitMask>> hits_in(const std::string& text) {
  std::vector<HitMask> hits;
  hits.reserve(text.size());
  for (const char digit : text) {
    if (digit >= '0' && digit <= '9') {
      hits.push_back(static_cast<HitMask>(digit - '0'));
    } else if (digit >= 'a' && digit <= 'v') {
      hits.push_back(static_cast<HitMask>(digit - 'a' + 10));
    } else {
      return std::nullopt;
    }
  }
  return hits;
}

Result<void> read_hits(const nlohmann::json& json, std::size_t test_events, FinishedRun& run) {
  for (std::size_t i = 0; i < kTestChannels; ++i) {
    const auto text = json.find(kHitNames[i]);
    if (text == json.end()) continue;
    auto hits = hits_in(text->get<std::string>());
    if (!hits || hits->size() != test_events) return user_error("holds other test events than there are now");
    run.hits[i] = *std::move(hits);
  }
  const std::size_t tests = run.key.without ? 1 : kTestChannels;
  for (std::size_t i = 0; i < tests; ++i)
    if (run.hits[i].size() != test_events)
      return user_error("lacks the test events " + std::string(kHitNames[i]));
  return {};
}

}  // namespace

std::string RunKey::name() const {
  std::string name = model + "-seed-" + std::to_string(seed);
  if (without) name += "-without-" + std::string(to_string(*without));
  return name;
}

std::string to_json(const FinishedRun& run) {
  nlohmann::ordered_json json{{"model", run.key.model}, {"seed", run.key.seed}};
  if (run.key.without) json["without"] = to_string(*run.key.without);
  if (!run.impossible.empty()) {
    json["impossible"] = run.impossible;
    return json.dump(2) + "\n";
  }
  json["training"] = {{"epochs", run.epochs},
                      {"seconds", run.training_seconds},
                      {"loss", run.loss},
                      {"validation_loss", run.validation_loss}};
  json["refresh"] = {{"refreshes", run.refreshes}, {"microseconds", run.refresh_microseconds}};
  nlohmann::ordered_json hits = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < kTestChannels; ++i)
    if (!run.hits[i].empty()) hits[kHitNames[i]] = text_of(run.hits[i]);
  json["hits"] = std::move(hits);
  return json.dump(2) + "\n";
}

Result<FinishedRun> parse_run(std::string_view json, std::size_t test_events) {
  try {
    const nlohmann::json document = nlohmann::json::parse(json);
    FinishedRun run;
    run.key.model = document.at("model");
    run.key.seed = document.at("seed");
    if (document.contains("without")) {
      run.key.without = channel_of(document.at("without").get<std::string>());
      if (!run.key.without) return user_error("names a channel that there is not");
    }
    if (document.contains("impossible")) {
      run.impossible = document.at("impossible");
      return run;
    }
    const auto& training = document.at("training");
    run.epochs = training.at("epochs");
    run.training_seconds = training.at("seconds");
    run.loss = training.at("loss");
    run.validation_loss = training.at("validation_loss");
    run.refreshes = document.at("refresh").at("refreshes");
    run.refresh_microseconds = document.at("refresh").at("microseconds");
    EDDY_TRY(read_hits(document.at("hits"), test_events, run));
    return run;
  } catch (const nlohmann::json::exception& error) {
    return user_error(std::string("is no run of a comparison: ") + error.what());
  }
}

}  // namespace eddy

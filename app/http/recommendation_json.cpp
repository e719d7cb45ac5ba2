#include "app/http/recommendation_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace eddy {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The double whose shortest form is that of the float: 0.91, not 0.9100000262260437.
double shortest(float value) {
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  double result = 0;
  std::from_chars(text.data(), written.ptr, result);
  return result;
}

}  // namespace

std::string recommendations_json(const UserRecommendations& recommendations, std::size_t k) {
  Json json;
  json["user"] = recommendations.user.value();
  if (!recommendations.event.value().empty()) json["event"] = recommendations.event.value();
  json["time"] = to_rfc3339(recommendations.time);
  json["model"] = recommendations.recommendation.model->name;
  Json items = Json::array();
  const auto& ranked = recommendations.recommendation.ranked;
  for (std::size_t i = 0; i < std::min(k, ranked.size()); ++i) {
    const ItemId& item = recommendations.recommendation.model->items[ranked[i].item];
    items.push_back({{"item", item.value()}, {"score", shortest(ranked[i].score)}});
  }
  json["items"] = std::move(items);
  return text_of(json);
}

std::string error_json(std::string_view message) {
  return text_of(Json{{"error", message}});
}

}  // namespace eddy

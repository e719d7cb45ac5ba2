#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "app/http/recommendation_queries.h"

namespace eddy {

/// One line of JSON, items by rank:
///
///     {"user":"ann","event":"e-17","time":"2026-03-01T08:30:00.250Z","model":"latent-feature@3f9a62c1",
///      "items":[{"item":"car","score":0.91},{"item":"house","score":0.4}]}
///
/// The same fields as a message of the recommendations topic. `event` is left out where it is not known.
/// Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string recommendations_json(const UserRecommendations& recommendations, std::size_t k);

/// {"error":"…"}
[[nodiscard]] std::string error_json(std::string_view message);

}  // namespace eddy

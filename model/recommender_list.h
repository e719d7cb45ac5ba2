#pragma once

#include <span>
#include <string_view>

#include "model/recommender_model.h"

namespace eddy {

/// One kind of model: its name in manifests and on command lines, and how it is loaded.
struct RecommenderKind {
  std::string_view name;
  Result<std::shared_ptr<const RecommenderModel>> (*load)(ModelParts parts);
};

/// All that Eddy can serve; one line each in recommender_list.cpp.
[[nodiscard]] std::span<const RecommenderKind> recommender_list();

/// Null if there is no such kind.
[[nodiscard]] const RecommenderKind* find_recommender(std::string_view name);

}  // namespace eddy

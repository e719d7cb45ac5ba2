#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/recommender_model.h"

namespace eddy {

/// One kind of model: its name in manifests and on command lines, what it is, and how it is loaded.
struct RecommenderKind {
  std::string_view name;
  std::string_view summary;  ///< half a sentence, for help texts
  Result<std::shared_ptr<const RecommenderModel>> (*load)(ModelParts parts);
};

/// All that Eddy can serve and train; one line each in recommender_list.cpp.
[[nodiscard]] std::span<const RecommenderKind> recommender_list();

/// Null if there is no such kind.
[[nodiscard]] const RecommenderKind* find_recommender(std::string_view name);

/// "latent-feature, popular, …"
[[nodiscard]] std::string recommender_names();

/// Names and summaries, a line each, for help texts.
[[nodiscard]] std::string recommender_lines();

}  // namespace eddy

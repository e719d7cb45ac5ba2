#include "model/recommender_list.h"

#include <algorithm>
#include <array>

#include "model/recommenders/combined_recommender.h"
#include "model/recommenders/network_recommender.h"
#include "model/recommenders/popular.h"

namespace eddy {

std::span<const RecommenderKind> recommender_list() {
  static constexpr std::array kList{
      RecommenderKind{"latent-feature", "sessions and calls in one latent space", load_network_model},
      RecommenderKind{"popular", "the items' shares of the purchases", load_popular},
      RecommenderKind{"conversation", "what was said in the calls", load_network_model},
      RecommenderKind{"session", "what was done in the sessions", load_network_model},
      RecommenderKind{"keyword", "tags and keywords in one space", load_network_model},
      RecommenderKind{"late-fusion", "the mean of conversation's and session's scores", load_combined_model},
      RecommenderKind{"knowledge-distillation", "a network for both, taught by conversation and session",
                      load_combined_model},
      RecommenderKind{"neutral-imputation", "both side by side, average values for what is missing",
                      load_network_model},
      RecommenderKind{"generative-imputation",
                      "both side by side, what is missing is generated from the other", load_network_model},
      RecommenderKind{"relative-representation", "interactions as similarities to anchors",
                      load_network_model},
      RecommenderKind{"wide-and-deep", "a recurrent latent beside a linear path from tags and terms",
                      load_network_model},
  };
  return kList;
}

const RecommenderKind* find_recommender(std::string_view name) {
  for (const auto& kind : recommender_list()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::string recommender_lines() {
  constexpr std::size_t kNameWidth = 26;
  std::string lines;
  for (const auto& kind : recommender_list()) {
    std::string name(kind.name);
    name.resize(std::max(name.size(), kNameWidth), ' ');
    lines += "  " + name + std::string(kind.summary) + "\n";
  }
  return lines;
}

std::string recommender_names() {
  std::string names;
  for (const auto& kind : recommender_list()) {
    if (!names.empty()) names += ", ";
    names += kind.name;
  }
  return names;
}

}  // namespace eddy

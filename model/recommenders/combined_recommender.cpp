#include "model/recommenders/combined_recommender.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/hash.h"
#include "model/recommenders/network_recommender.h"
#include "state/profile/interactions.h"

namespace eddy {
namespace {

enum PartIndex : std::uint8_t { kConversation = 0, kSession = 1, kBoth = 2 };
constexpr std::size_t kParts = 3;
constexpr std::array<const char*, kParts> kPartNames{"conversation", "session", "both"};

/// The networks' caches, each of which knows its network.
class CombinedCache final : public ModelCache {
 public:
  explicit CombinedCache(std::uint64_t model) : model_(model) {}
  [[nodiscard]] std::uint64_t model() const { return model_; }
  [[nodiscard]] std::size_t memory_bytes() const override {
    std::size_t bytes = sizeof(*this);
    for (const auto& part : parts)
      if (part) bytes += part->memory_bytes();
    return bytes;
  }

  std::array<std::unique_ptr<ModelCache>, kParts> parts;

 private:
  const std::uint64_t model_;
};

/// Immutable, shared by threads.
struct CombinedModelParts {
  std::shared_ptr<const Catalogue> catalogue;
  std::vector<ServedNetwork> networks;  // by PartIndex; two or three
  std::uint32_t max_interactions = 0;
  std::uint64_t identity = 0;
};

class CombinedRecommender final : public Recommender {
 public:
  explicit CombinedRecommender(std::shared_ptr<const CombinedModelParts> model) : model_(std::move(model)) {
    for (const ServedNetwork& network : model_->networks) parts_.push_back({make_recommender(network)});
  }

  Result<void> refresh(std::span<const RefreshRequest> requests) override {
    users_.clear();
    for (const auto& request : requests) users_.push_back(request.facts);
    share_users();
    for (std::size_t index = 0; index < parts_.size(); ++index) {
      Part& part = parts_[index];
      std::vector<RefreshRequest> own;
      for (std::size_t i = 0; i < part.users.size(); ++i) {
        const RefreshRequest& request = requests[part.users[i]];
        own.push_back({request.facts, &cache_of(request).parts.at(index), part.scores.data() + i * items()});
      }
      EDDY_TRY(part.recommender->refresh(own));
    }
    for (std::size_t user = 0; user < requests.size(); ++user) clear(requests[user].scores);
    for (const Part& part : parts_)
      for (std::size_t i = 0; i < part.users.size(); ++i) add(part, i, requests[part.users[i]].scores);
    return {};
  }

  Result<void> score(std::span<const Facts* const> users, float* scores) override {
    users_.assign(users.begin(), users.end());
    share_users();
    for (std::size_t user = 0; user < users.size(); ++user) clear(scores + user * items());
    for (Part& part : parts_) {
      std::vector<const Facts*> own;
      for (const std::size_t user : part.users) own.push_back(users[user]);
      EDDY_TRY(part.recommender->score(own, part.scores.data()));
      for (std::size_t i = 0; i < part.users.size(); ++i) add(part, i, scores + part.users[i] * items());
    }
    return {};
  }

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override {
    return model_->catalogue->model();
  }

 private:
  struct Part {
    std::unique_ptr<Recommender> recommender;
    std::vector<std::size_t> users{};  // that it scores
    std::vector<float> scores{};       // of them
  };

  [[nodiscard]] std::size_t items() const { return model_->catalogue->size(); }

  /// Decides which networks score which of users_.
  void share_users() {
    for (Part& part : parts_) part.users.clear();
    shares_.clear();
    for (std::size_t user = 0; user < users_.size(); ++user) {
      const std::array<bool, kParts> uses = parts_for(*users_[user]);
      std::size_t count = 0;
      for (std::size_t index = 0; index < parts_.size(); ++index) {
        if (!uses.at(index)) continue;
        parts_[index].users.push_back(user);
        ++count;
      }
      shares_.push_back(1.0F / static_cast<float>(count));
    }
    for (Part& part : parts_) part.scores.resize(part.users.size() * items());
  }

  std::array<bool, kParts> parts_for(const Facts& facts) {
    list_interactions(facts, listed_);
    const std::size_t read = std::min<std::size_t>(listed_.size(), model_->max_interactions);
    bool calls = false, sessions = false;
    for (auto it = listed_.end() - static_cast<std::ptrdiff_t>(read); it != listed_.end(); ++it)
      (it->call != nullptr ? calls : sessions) = true;
    if (calls != sessions) return {calls, sessions, false};
    return parts_.size() > kBoth ? std::array{false, false, true} : std::array{true, true, false};
  }

  [[nodiscard]] CombinedCache& cache_of(const RefreshRequest& request) const {
    auto* cache = dynamic_cast<CombinedCache*>(request.cache->get());
    if (cache != nullptr && cache->model() == model_->identity) return *cache;
    auto fresh = std::make_unique<CombinedCache>(model_->identity);
    cache = fresh.get();
    *request.cache = std::move(fresh);
    return *cache;
  }

  void clear(float* scores) const { std::fill_n(scores, items(), 0.0F); }

  void add(const Part& part, std::size_t i, float* scores) const {
    const float share = shares_[part.users[i]];
    const float* own = part.scores.data() + i * items();
    for (std::size_t item = 0; item < items(); ++item) scores[item] += share * own[item];
  }

  const std::shared_ptr<const CombinedModelParts> model_;
  std::vector<Part> parts_;
  std::vector<const Facts*> users_;
  std::vector<float> shares_;  // by user: the weight of each of its networks
  std::vector<Interaction> listed_;
};

class CombinedModel final : public RecommenderModel {
 public:
  explicit CombinedModel(std::shared_ptr<const CombinedModelParts> parts) : parts_(std::move(parts)) {}
  [[nodiscard]] const std::shared_ptr<const ScoredModel>& scored_model() const override {
    return parts_->catalogue->model();
  }
  [[nodiscard]] std::unique_ptr<Recommender> make_recommender() const override {
    return std::make_unique<CombinedRecommender>(parts_);
  }

 private:
  const std::shared_ptr<const CombinedModelParts> parts_;
};

std::vector<const NetworkWeights*> list(const CombinedNetworks& networks) {
  std::vector<const NetworkWeights*> all{&networks.conversation, &networks.session};
  if (networks.both) all.push_back(&*networks.both);
  return all;
}

Result<NetworkWeights> read_part(const char* part, const nlohmann::json& shapes, NamedTensors& tensors) {
  EDDY_ASSIGN(const NetworkShape shape, parse_network_shape(shapes.at(part).dump()));
  return network_weights(shape, take_part(part, tensors));
}

}  // namespace

NamedTensors to_tensors(const CombinedNetworks& networks) {
  NamedTensors all;
  const auto parts = list(networks);
  for (std::size_t i = 0; i < parts.size(); ++i) add_part(kPartNames.at(i), to_tensors(*parts[i]), all);
  return all;
}

std::string to_json_shapes(const CombinedNetworks& networks) {
  nlohmann::ordered_json shapes;
  const auto parts = list(networks);
  for (std::size_t i = 0; i < parts.size(); ++i)
    shapes[kPartNames.at(i)] = nlohmann::ordered_json::parse(to_json(parts[i]->shape));
  return shapes.dump();
}

Result<std::shared_ptr<const RecommenderModel>> make_combined_model(std::string name,
                                                                    std::vector<std::string> tags,
                                                                    std::vector<ItemId> items,
                                                                    CombinedNetworks networks) {
  auto parts = std::make_shared<CombinedModelParts>();
  parts->catalogue = std::make_shared<const Catalogue>(
      std::make_shared<const ScoredModel>(ScoredModel{std::move(name), std::move(items)}));
  parts->max_interactions = networks.conversation.shape.max_interactions;
  const auto vocabulary = std::make_shared<const Vocabulary>(std::move(tags));
  const std::string& model = parts->catalogue->model()->name;
  parts->identity = hash_bytes(model);
  std::vector<NetworkWeights> weights{std::move(networks.conversation), std::move(networks.session)};
  if (networks.both) weights.push_back(std::move(*networks.both));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    EDDY_ASSIGN(ServedNetwork network, serve_network(model + "/" + kPartNames.at(i), parts->catalogue,
                                                     vocabulary, std::move(weights[i])));
    parts->networks.push_back(std::move(network));
  }
  return std::shared_ptr<const RecommenderModel>(std::make_shared<CombinedModel>(std::move(parts)));
}

Result<std::shared_ptr<const RecommenderModel>> load_combined_model(ModelParts parts) {
  try {
    const auto shapes = nlohmann::json::parse(parts.options);
    CombinedNetworks networks;
    EDDY_ASSIGN(networks.conversation, read_part(kPartNames[kConversation], shapes, parts.tensors));
    EDDY_ASSIGN(networks.session, read_part(kPartNames[kSession], shapes, parts.tensors));
    if (shapes.contains(kPartNames[kBoth])) {
      EDDY_ASSIGN(networks.both, read_part(kPartNames[kBoth], shapes, parts.tensors));
    }
    return make_combined_model(std::move(parts.name), std::move(parts.tags), std::move(parts.items),
                               std::move(networks));
  } catch (const nlohmann::json::exception& error) {
    return user_error(std::string("the options of the networks: ") + error.what());
  }
}

}  // namespace eddy

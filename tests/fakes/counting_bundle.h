#pragma once

#include <memory>
#include <string>
#include <utility>

#include "fakes/counting_recommender.h"
#include "model/bundle.h"
#include "operators/refresh/served_models.h"

namespace eddy {

/// A bundle of the model whose scores a test can foresee.
class CountingBundle final : public Bundle {
 public:
  explicit CountingBundle(std::size_t items, std::string name = "counting@1",
                          std::shared_ptr<CountingRecommender::Calls> calls = nullptr)
      : items_(items),
        name_(std::move(name)),
        calls_(calls ? std::move(calls) : std::make_shared<CountingRecommender::Calls>()) {}

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override {
    return make_recommender()->model();
  }
  [[nodiscard]] const std::string& kind() const override { return name_; }
  [[nodiscard]] const std::string& manifest() const override { return name_; }
  [[nodiscard]] std::unique_ptr<Recommender> make_recommender() const override {
    return std::make_unique<CountingRecommender>(items_, calls_, name_);
  }

 private:
  const std::size_t items_;
  const std::string name_;
  const std::shared_ptr<CountingRecommender::Calls> calls_;
};

/// One arm, with all users.
inline std::shared_ptr<ServedModels> served_alone(std::shared_ptr<const Bundle> bundle) {
  return std::make_shared<ServedModels>(std::vector<Arm>{Arm{}}, std::vector{std::move(bundle)}, "salt");
}

}  // namespace eddy

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "model/bundle.h"
#include "model/catalogue.h"
#include "state/profile/profile_codec.h"

namespace eddy {

/// A model that no difference of facts escapes: a score is the hash of all facts and of the item. Its cache
/// holds the facts that it was made of, and refuses to be used for two users at once.
class HashingBundle final : public Bundle {
 public:
  /// Items "item-0"…; another name makes other scores.
  explicit HashingBundle(std::size_t items, std::string name = "hashing@1") : name_(std::move(name)) {
    auto model = std::make_shared<ScoredModel>();
    model->name = name_;
    for (std::size_t i = 0; i < items; ++i) model->items.emplace_back("item-" + std::to_string(i));
    catalogue_ = std::make_shared<const Catalogue>(std::move(model));
  }

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override { return catalogue_->model(); }
  [[nodiscard]] const std::string& kind() const override { return name_; }
  [[nodiscard]] const std::string& manifest() const override { return name_; }
  [[nodiscard]] std::unique_ptr<Recommender> make_recommender() const override {
    return std::make_unique<Hashing>(catalogue_);
  }

 private:
  class Hashing final : public Recommender {
   public:
    explicit Hashing(std::shared_ptr<const Catalogue> catalogue) : catalogue_(std::move(catalogue)) {}

    Result<void> refresh(std::span<const RefreshRequest> requests) override {
      for (std::size_t i = 0; i < requests.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j)
          if (requests[j].cache == requests[i].cache) return internal_error("a user twice in one refresh");
        const Facts* facts = requests[i].facts;
        EDDY_TRY(score({&facts, 1}, requests[i].scores));
      }
      return {};
    }

    Result<void> score(std::span<const Facts* const> users, float* scores) override {
      for (const Facts* facts : users) {
        std::string bytes;
        encode_facts(*facts, bytes);
        const std::uint64_t hash = hash_bytes(bytes, hash_bytes(catalogue_->model()->name));
        for (std::size_t item = 0; item < catalogue_->size(); ++item)
          scores[item] = static_cast<float>(1 + (hash_combine(hash, item) >> 44U)) * 0x1p-21F;
        catalogue_->mask(*facts, scores);
        scores += catalogue_->size();
      }
      return {};
    }

    [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override { return catalogue_->model(); }

   private:
    const std::shared_ptr<const Catalogue> catalogue_;
  };

  std::string name_;
  std::shared_ptr<const Catalogue> catalogue_;
};

}  // namespace eddy

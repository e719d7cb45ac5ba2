#include "model/bundle.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "model/bundle_files.h"
#include "model/recommender_list.h"
#include "model/text/encoder_files.h"
#include "model/text/text_encoder.h"

namespace eddy {
namespace {

constexpr std::size_t kChecksumDigitsInName = 8;

class LoadedBundle final : public Bundle {
 public:
  LoadedBundle(std::shared_ptr<const RecommenderModel> model, std::string kind, std::string manifest,
               std::string encoder)
      : model_(std::move(model)),
        kind_(std::move(kind)),
        manifest_(std::move(manifest)),
        encoder_(std::move(encoder)) {}

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override { return model_->scored_model(); }
  [[nodiscard]] const std::string& kind() const override { return kind_; }
  [[nodiscard]] const std::string& manifest() const override { return manifest_; }
  [[nodiscard]] std::string encoder() const override { return encoder_; }
  [[nodiscard]] std::unique_ptr<Recommender> make_recommender() const override {
    return model_->make_recommender();
  }

 private:
  const std::shared_ptr<const RecommenderModel> model_;
  const std::string kind_;
  const std::string manifest_;
  const std::string encoder_;
};

/// The encoder that the manifest names, which has to be the one that is there.
Result<std::string> encoder_of(const nlohmann::json& manifest, const Checksums& checksums) {
  const auto stated = manifest.value("encoder", std::string());
  const std::string found = checksums.empty() ? std::string() : text_encoder_name(checksums);
  if (stated == found) return found;
  return user_error("the manifest names the text encoder \"" + stated + "\", but the bundle has \"" + found +
                    "\"; copy the bundle again or train it anew");
}

// Throws nlohmann's exceptions.
Result<std::shared_ptr<const Bundle>> load_verified(VerifiedBundle bundle) {
  const auto manifest = nlohmann::json::parse(bundle.files.at(kManifestFile));
  if (const int format = manifest.at("format").get<int>(); format != kBundleFormat) {
    return user_error("the bundle has format " + std::to_string(format) + "; this program reads format " +
                      std::to_string(kBundleFormat));
  }
  const auto kind = manifest.at("kind").get<std::string>();
  const RecommenderKind* recommender = find_recommender(kind);
  if (recommender == nullptr) {
    return user_error("the bundle's model \"" + kind + "\" is unknown; known are " + recommender_names());
  }
  ModelParts parts;
  parts.name = kind + "@" + bundle.checksum.substr(0, kChecksumDigitsInName);
  parts.tags = nlohmann::json::parse(bundle.files.at(kVocabularyFile)).get<std::vector<std::string>>();
  for (auto& item : nlohmann::json::parse(bundle.files.at(kCatalogueFile)).get<std::vector<std::string>>()) {
    parts.items.emplace_back(std::move(item));
  }
  EDDY_ASSIGN(parts.tensors, decode_tensors(bundle.files.at(kWeightsFile)));
  parts.options = manifest.at("options").dump();
  EDDY_ASSIGN(std::string encoder, encoder_of(manifest, bundle.encoder));
  EDDY_ASSIGN(auto model, recommender->load(std::move(parts)));
  return std::shared_ptr<const Bundle>(std::make_shared<LoadedBundle>(
      std::move(model), kind, std::move(bundle.files.at(kManifestFile)), std::move(encoder)));
}

}  // namespace

Result<std::shared_ptr<const Bundle>> load_bundle(const std::filesystem::path& directory) {
  try {
    EDDY_ASSIGN(auto verified, read_bundle_files(directory));
    auto bundle = load_verified(std::move(verified));
    if (!bundle && bundle.error().where.empty()) bundle.error().where = directory.string();
    return bundle;
  } catch (const std::exception& error) {
    return user_error(std::string("not a bundle: ") + error.what(), directory.string());
  }
}

Result<std::shared_ptr<const TextEncoder>> load_text_encoder(const Bundle& bundle,
                                                             const std::filesystem::path& directory) {
  if (bundle.encoder().empty()) return std::shared_ptr<const TextEncoder>();
  EDDY_ASSIGN(auto encoder, TextEncoder::load(directory / kEncoderFolder));
  if (encoder->name() != bundle.encoder())
    return user_error("the bundle was replaced while it was loaded; try again", directory.string());
  return encoder;
}

}  // namespace eddy

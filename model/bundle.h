#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "model/recommender.h"

namespace eddy {

class TextEncoder;

/// A trained model with all that is needed to serve it. Immutable and shared by all shards.
class Bundle {
 public:
  virtual ~Bundle() = default;
  /// Name with the checksum of the contents, and the items.
  [[nodiscard]] virtual std::shared_ptr<const ScoredModel> model() const = 0;
  /// "latent-feature", "popular", …
  [[nodiscard]] virtual const std::string& kind() const = 0;
  /// The manifest (metrics, versions, training data) as JSON text.
  [[nodiscard]] virtual const std::string& manifest() const = 0;
  /// The name of the text encoder whose vectors the model reads, TextEncoder::name(); empty: it needs none.
  [[nodiscard]] virtual std::string encoder() const { return {}; }
  /// A serving instance for one thread.
  [[nodiscard]] virtual std::unique_ptr<Recommender> make_recommender() const = 0;
};

/// Loads and verifies a bundle directory. Errors (user's): missing or changed files, an unknown model or
/// version.
Result<std::shared_ptr<const Bundle>> load_bundle(const std::filesystem::path& directory);

/// The text encoder of a loaded bundle, from its directory; null if it needs none. Errors (user's): those of
/// TextEncoder::load, or the directory holds another bundle by now.
Result<std::shared_ptr<const TextEncoder>> load_text_encoder(const Bundle& bundle,
                                                             const std::filesystem::path& directory);

}  // namespace eddy

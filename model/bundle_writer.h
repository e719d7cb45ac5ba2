#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/ids.h"
#include "model/tensor_file.h"

namespace eddy {

/// All that a bundle directory will hold.
struct BundleContents {
  std::string kind;               ///< "latent-feature", "popular": a name of recommender_list.h
  std::vector<std::string> tags;  ///< the vocabulary; index by position
  std::vector<ItemId> items;      ///< the catalogue; index by position
  NamedTensors tensors;
  /// The directory of the text encoder whose vectors the model reads; its files are copied. Empty: none.
  std::filesystem::path encoder;
  std::string encoder_name;     ///< with `encoder`: its TextEncoder::name()
  std::string options = "{}";   ///< JSON object that the model reads, e.g. to_json(NetworkShape)
  std::string metrics = "{}";   ///< JSON object, free: what was measured
  std::string training = "{}";  ///< JSON object, free: on what and how it was trained
};

/// Writes the bundle beside `directory` and moves it there in one step, so that a reader sees the old one, or
/// the new one, or none. An existing bundle is replaced. Errors: JSON that is none (internal), `directory`
/// holds something that is no bundle, or the encoder is another one by now (user's), the disk (external).
Result<void> write_bundle(const BundleContents& contents, const std::filesystem::path& directory);

}  // namespace eddy

#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fakes/random_latent_feature.h"
#include "model/bundle_writer.h"

namespace eddy {

/// Writes a bundle of Latent feature with weights that nobody trained, which knows these tags and items.
inline void write_random_bundle(const std::filesystem::path& directory, const std::vector<std::string>& tags,
                                const std::vector<ItemId>& items, std::uint64_t seed = 7) {
  NetworkShape shape;
  shape.tags = tags.size();
  shape.items = items.size();
  shape.embedding = 16;
  shape.projection = 24;
  shape.hidden = 32;
  shape.head = {32};
  shape.buckets = 4096;
  const RandomLatentFeature random(shape, seed);
  BundleContents contents;
  contents.kind = "latent-feature";
  contents.tags = tags;
  contents.items = items;
  contents.tensors = to_tensors(random.weights());
  contents.options = to_json(random.weights().shape);
  const auto written = write_bundle(contents, directory);
  ASSERT_TRUE(written) << to_string(written.error());
}

}  // namespace eddy

#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fakes/random_latent_feature.h"
#include "model/bundle_writer.h"
#include "model/text/text_encoder.h"

namespace eddy {

/// Writes a bundle of Latent feature with weights that nobody trained, which knows these tags and items, and
/// reads the vectors of the text encoder of that directory, if one is given.
inline void write_random_bundle(const std::filesystem::path& directory, const std::vector<std::string>& tags,
                                const std::vector<ItemId>& items, std::uint64_t seed = 7,
                                const std::filesystem::path& encoder = {}) {
  NetworkShape shape;
  shape.tags = tags.size();
  shape.items = items.size();
  shape.embedding = 16;
  shape.projection = 24;
  shape.hidden = 32;
  shape.head = {32};
  shape.buckets = 4096;
  BundleContents contents;
  if (!encoder.empty()) {
    const auto loaded = TextEncoder::load(encoder);
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    contents.encoder = encoder;
    contents.encoder_name = shape.encoder = (*loaded)->name();
    shape.text = TextSource::kCarried;
    shape.embedding = (*loaded)->width();
  }
  const RandomLatentFeature random(shape, seed);
  contents.kind = "latent-feature";
  contents.tags = tags;
  contents.items = items;
  contents.tensors = to_tensors(random.weights());
  contents.options = to_json(random.weights().shape);
  const auto written = write_bundle(contents, directory);
  ASSERT_TRUE(written) << to_string(written.error());
}

}  // namespace eddy

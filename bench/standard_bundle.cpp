// Writes a bundle of the served size for the standard work: weights that nobody trained, 512 tags, 24 items.
// Its cost is that of a trained one.
#include <cstdlib>
#include <iostream>

#include "fakes/random_latent_feature.h"
#include "model/bundle_writer.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: standard_bundle DIRECTORY\n";
    return 2;
  }
  eddy::NetworkShape shape;
  shape.tags = 512;
  shape.items = 24;
  shape.buckets = 65536;  // as the peer has; ours reads pairs of words, too
  const eddy::RandomLatentFeature random(shape, 7, /*linear_path=*/false, /*share_of_buckets=*/1.0);
  eddy::BundleContents contents;
  contents.kind = "latent-feature";
  for (int i = 0; i < 512; ++i) contents.tags.push_back("t" + std::to_string(i));
  for (int i = 0; i < 24; ++i) contents.items.emplace_back("i" + std::to_string(i));
  contents.tensors = to_tensors(random.weights());
  contents.options = to_json(random.weights().shape);
  if (const auto written = write_bundle(contents, argv[1]); !written) {
    std::cerr << to_string(written.error()) << '\n';
    return 1;
  }
  return 0;
}

#pragma once

#include "fakes/random_network.h"

namespace eddy {

/// Latent feature is what a network's shape describes by default.
using RandomLatentFeature = RandomNetwork;

/// Odd sizes, so that vector loops have remainders; small, so that tests are quick.
inline NetworkShape small_latent_feature_shape() {
  NetworkShape shape;
  shape.tags = 9;
  shape.items = 7;
  shape.embedding = 10;
  shape.projection = 13;
  shape.hidden = 21;
  shape.head = {21};
  shape.buckets = 101;
  return shape;
}

}  // namespace eddy

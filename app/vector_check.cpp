#include "app/vector_check.h"

#include "model/bundle_files.h"
#include "operators/encode/encode_operator.h"
#include "operators/refresh/refresh_factory.h"
#include "operators/refresh/served_models.h"

namespace eddy {

std::string encoder_of_chain(const std::vector<ChainedOperator>& chain) {
  for (const ChainedOperator& step : chain)
    if (const std::string encoder = encoder_of(*step.factory); !encoder.empty()) return encoder;
  return {};
}

Result<void> check_vectors(const std::vector<ChainedOperator>& chain) {
  const std::string made = encoder_of_chain(chain);
  for (const ChainedOperator& step : chain) {
    const auto models = refresh_service(*step.factory).models;
    if (!models) continue;
    const auto current = models->current();
    for (std::size_t arm = 0; arm < current.size(); ++arm) {
      const std::string wanted = current[arm]->bundle->encoder();
      if (wanted.empty() || wanted == made) continue;
      const std::string folder = (models->arms()[arm].path / kEncoderFolder).string();
      return user_error("refresh: the bundle reads vectors of the text encoder " + wanted + ", but " +
                            (made.empty() ? "no operator makes them" : "encode makes those of " + made) +
                            ": put `- encode: {encoder: " + folder + "}` before fold",
                        step.where);
    }
  }
  return {};
}

}  // namespace eddy

#pragma once

#include <torch/torch.h>

#include "model/network_weights.h"

namespace eddy {

/// SessionGeneratorWeights, to be trained. Throws c10::Error.
class SessionGeneratorModuleImpl : public torch::nn::Module {
 public:
  /// `shape`: of the network that reads the sessions. `dropout`: of what the GRU reads.
  SessionGeneratorModuleImpl(const NetworkShape& shape, double dropout);

  /// Of embeddings [examples × D]: the tags of each step, [examples × generated_steps × V], before the
  /// sigmoid.
  torch::Tensor logits(const torch::Tensor& embeddings);

  [[nodiscard]] SessionGeneratorWeights weights() const;

 private:
  std::int64_t steps_;
  torch::nn::Linear dense_{nullptr}, output_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
  torch::nn::GRU gru_{nullptr};
};

TORCH_MODULE(SessionGeneratorModule);

}  // namespace eddy

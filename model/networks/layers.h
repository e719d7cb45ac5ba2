#pragma once

#include <torch/torch.h>

#include <vector>

namespace eddy {

/// The values of a tensor, row by row.
[[nodiscard]] std::vector<float> values_of(const torch::Tensor& tensor);

/// Weights as the paper's library begins with them: Xavier for what reads inputs, orthogonal for what reads
/// the latent, zeros for biases.
void initialise_linear(torch::nn::Linear& linear);
void initialise_gru(torch::nn::GRU& gru);

/// Bags of indices as rows of 0 and 1, [bags × width].
[[nodiscard]] torch::Tensor multi_hot(const torch::Tensor& ids, const torch::Tensor& offsets,
                                      std::size_t width);

}  // namespace eddy

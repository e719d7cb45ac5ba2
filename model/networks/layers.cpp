#include "model/networks/layers.h"

#include <string>

namespace eddy {

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor dense = tensor.detach().to(torch::kFloat32).contiguous();
  const auto* first = dense.data_ptr<float>();
  return {first, first + dense.numel()};
}

void initialise_linear(torch::nn::Linear& linear) {
  torch::nn::init::xavier_uniform_(linear->weight);
  torch::nn::init::zeros_(linear->bias);
}

void initialise_gru(torch::nn::GRU& gru) {
  for (auto& parameter : gru->named_parameters()) {
    if (parameter.key().find("weight_ih") != std::string::npos)
      torch::nn::init::xavier_uniform_(parameter.value());
    else if (parameter.key().find("weight_hh") != std::string::npos)
      torch::nn::init::orthogonal_(parameter.value());
    else
      torch::nn::init::zeros_(parameter.value());
  }
}

torch::Tensor multi_hot(const torch::Tensor& ids, const torch::Tensor& offsets, std::size_t width) {
  torch::Tensor rows = torch::zeros({offsets.size(0), static_cast<std::int64_t>(width)});
  if (ids.numel() == 0) return rows;
  const torch::Tensor ends =
      torch::cat({offsets.narrow(0, 1, offsets.size(0) - 1), torch::tensor({ids.numel()})});
  const torch::Tensor row_of_id = torch::repeat_interleave(torch::arange(offsets.size(0)), ends - offsets);
  rows.index_put_({row_of_id, ids}, torch::ones({1}));
  return rows;
}

}  // namespace eddy

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/recommenders/network.h"

namespace eddy {

/// Makes sessions of calls' embeddings (SessionGeneratorWeights), and latents of them. A tag is in a session
/// or is not, so a difference in the last bit of an embedding may make another session: the batch forward
/// pass takes its sessions from here, too, and equal embeddings give the same ones, however many users are
/// computed at once. Costs generated_steps steps of two GRUs, whatever the history. For one thread at a time.
class SessionGenerator {
 public:
  explicit SessionGenerator(std::shared_ptr<const Network> network) : network_(std::move(network)) {}

  /// The tags of each step of each row; a step without tags counts for nothing. `embeddings`: [rows × D].
  using Sessions = std::vector<std::vector<std::uint32_t>>;  // a row's steps
  std::vector<Sessions> generate(std::size_t rows, const float* embeddings);

  /// The network's latents after these sessions, [rows × H]; valid until the next call.
  const float* latents(std::size_t rows, const float* embeddings);

 private:
  void read(const std::vector<Sessions>& sessions, std::size_t step);

  const std::shared_ptr<const Network> network_;
  std::vector<float> x_, h_, from_input_, from_hidden_, tags_, latents_;
};

}  // namespace eddy

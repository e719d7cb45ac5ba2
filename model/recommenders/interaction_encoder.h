#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/features/session_features.h"
#include "model/recommenders/call_reader.h"
#include "model/recommenders/network.h"
#include "model/recommenders/network_cache.h"

namespace eddy {

/// Encodes interactions and multiplies them by the GRU's input matrix, many at once (Encoding). Owns its
/// buffers: for one thread at a time, and without allocation once they have grown.
class InteractionEncoder {
 public:
  /// One interaction to read. `linear` as CallReader::read takes it;
  /// with LinearPath::kSincePurchase a session has a linear path, too.
  struct Task {
    const Interaction* interaction = nullptr;
    TextSum* kept = nullptr;
    bool is_last = false;
    float* linear = nullptr;
  };

  explicit InteractionEncoder(std::shared_ptr<const Network> network);

  /// from_input[tasks × 3H], without biases.
  void encode(std::span<const Task> tasks, float* from_input);

 private:
  void encode_multi_hot(const Interaction& interaction, float* from_input);
  void project_sessions(std::span<const Task> tasks);
  void add_linear(const Task& task);
  void project_calls(std::span<const Task> tasks);
  void compare(std::span<const std::uint32_t> tasks, Channel channel);

  const std::shared_ptr<const Network> network_;
  SessionTags session_tags_;
  CallReader call_reader_;
  std::vector<std::uint32_t> indices_;                     // tags of a session, or keywords of a call
  std::vector<std::uint32_t> session_tasks_, call_tasks_;  // which tasks are of each channel

  std::vector<float> x_;          // tasks × encoded width
  std::vector<float> text_;       // tasks × D, calls only
  std::vector<float> projected_;  // tasks × P, of one channel
  std::vector<float> cosines_;    // tasks × A, of one channel
};

}  // namespace eddy

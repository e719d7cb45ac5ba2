#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/recommenders/interaction_encoder.h"
#include "model/recommenders/network.h"
#include "model/recommenders/network_cache.h"

namespace eddy {

/// One user on the way through a network.
struct NetworkRow {
  const Facts* facts = nullptr;
  NetworkCache* cache = nullptr;
  float* outputs = nullptr;
  std::uint32_t first = 0, count = 0;       // of the interactions that the GRU reads
  std::uint32_t first_call = 0, calls = 0;  // of the calls that are read by their mean
  std::uint32_t steps = 0;                  // interactions that are not covered by the latent it starts from
  bool starts_with_product = false;         // its first step has neither a zero latent nor cached gates
};

/// Brings users' latents up to date from their caches, many users at once. Users walk through their missing
/// interactions in lockstep and end together, so that every matrix product has as many rows as there are
/// users still walking:
///
///     steps to go   3  2  1
///     user A        ■  ■  ■      nothing fits: three interactions
///     user B           ■  ■      an event of the last but one: what the last gives the GRU may be in the
///     cache user C              ■      an event of the last: its gates are in the cache
///
/// Owns its buffers: for one thread at a time, and without allocation once they have grown.
class SequenceWalk {
 public:
  explicit SequenceWalk(std::shared_ptr<const Network> network);

  /// Finds out what is left to do for each row, and sorts them by it. `interactions` is what their `first`
  /// and `count` count in, and lives until the last run().
  void plan(std::span<NetworkRow> rows, std::span<const Interaction> interactions);
  /// For neighbours among the planned rows; not empty.
  void run(std::span<NetworkRow> rows);

  /// [rows × H] of the last run().
  [[nodiscard]] const float* latents() const { return hidden_.data(); }
  [[nodiscard]] float* latent(std::size_t row) { return hidden_.data() + row * network_->shape().hidden; }
  /// [rows × I]: the linear path of the last interaction, zeros without one.
  [[nodiscard]] float* linear(std::size_t row) { return linear_.data() + row * network_->shape().items; }

 private:
  void plan(NetworkRow& row);
  void start(std::size_t row_index);
  void step(std::size_t steps_to_go);
  void prefetch_kept(const NetworkRow& row) const;
  void read_interactions(std::size_t active, std::size_t steps_to_go);
  void keep_input(std::size_t row_index);
  void advance(std::size_t row_index, std::size_t steps_to_go, bool has_product);
  void keep_latest(std::size_t row_index);

  [[nodiscard]] std::span<const Interaction> interactions_of(const NetworkRow& row) const {
    return interactions_.subspan(row.first, row.count);
  }

  const std::shared_ptr<const Network> network_;
  InteractionEncoder encoder_;

  std::span<NetworkRow> rows_;
  std::span<const Interaction> interactions_;
  std::vector<InteractionEncoder::Task> tasks_;
  std::vector<const float*> inputs_;  // 3H of each row that walks

  std::vector<float> hidden_;       // rows × H
  std::vector<float> from_input_;   // tasks × 3H
  std::vector<float> from_hidden_;  // rows × 3H
  std::vector<float> linear_;       // rows × I
  std::vector<float> zero_;         // 3H: the products of a zero latent
};

}  // namespace eddy

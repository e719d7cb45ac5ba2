#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/features/session_features.h"
#include "model/recommender.h"
#include "model/recommenders/latent_feature_cache.h"
#include "model/recommenders/latent_feature_network.h"

namespace eddy {

/// Brings users' scores up to date from their caches, many users at once. Users walk through their missing
/// interactions in lockstep and end together, so that every matrix product has as many rows as there are
/// users still walking:
///
///     steps to go   3  2  1
///     user A        ■  ■  ■      nothing fits: three interactions
///     user B           ■  ■      an event of the last but one
///     user C              ■      an event of the last: its gates are in the cache
///
/// Owns its buffers: for one thread at a time, and without allocation once they have grown.
class LatentFeatureRefresh {
 public:
  explicit LatentFeatureRefresh(std::shared_ptr<const LatentFeatureNetwork> network);

  void run(std::span<const RefreshRequest> requests);

  /// More rows at once do not make the products faster, but push the buffers out of the processor's
  /// second-level cache. A multiple of the rows that PackedMatrix takes at a time, 6 or 14.
  static constexpr std::size_t kMaxRows = 84;

 private:
  struct Row {
    const RefreshRequest* request = nullptr;
    LatentFeatureCache* cache = nullptr;
    std::uint32_t first = 0;  // of its interactions in interactions_
    std::uint32_t count = 0;
    std::uint32_t steps = 0;           // interactions that are not covered by the latent it starts from
    bool starts_with_product = false;  // its first step has neither a zero latent nor cached gates
  };

  void run_chunk(std::span<const RefreshRequest> requests);
  void plan(const RefreshRequest& request);
  void start(std::size_t row_index);
  void step(std::size_t steps_to_go);
  void read_interactions(std::size_t steps_to_go, std::size_t active);
  void read_session(const SessionFacts& session, float* x);
  void read_call(const CallFacts& call, TextSum& kept, float* text, float* linear);
  std::uint64_t digest_of_heard(std::size_t begin, std::size_t end, std::uint64_t digest) const;
  std::uint32_t add_heard(std::size_t begin, std::size_t end, float* text, float* linear);
  void project_calls();
  void advance(std::size_t row_index, std::size_t steps_to_go, bool has_product);
  void write_scores();

  [[nodiscard]] std::span<const Interaction> interactions_of(const Row& row) const {
    return std::span(interactions_).subspan(row.first, row.count);
  }

  const std::shared_ptr<const LatentFeatureNetwork> network_;
  SessionTags session_tags_;

  std::vector<Row> rows_;
  std::vector<Interaction> listed_, interactions_;
  std::vector<std::uint32_t> indices_;       // tags of a session, or terms of some utterances
  std::vector<const UtteranceFact*> heard_;  // of one call
  std::vector<std::uint32_t> call_rows_;     // rows whose interaction is a call, in this step

  std::vector<float> x_;               // rows × P
  std::vector<float> hidden_;          // rows × H
  std::vector<float> from_input_;      // rows × 3H
  std::vector<float> from_hidden_;     // rows × 3H
  std::vector<float> text_;            // rows × D, calls only
  std::vector<float> projected_text_;  // rows × P, calls only
  std::vector<float> head_;            // rows × H
  std::vector<float> logits_;          // rows × I
  std::vector<float> linear_;          // rows × I
  std::vector<float> zero_;            // 3H: the products of a zero latent
};

}  // namespace eddy

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/recommenders/call_reader.h"
#include "model/recommenders/linear_history.h"
#include "model/recommenders/network.h"
#include "model/recommenders/network_cache.h"
#include "model/recommenders/sequence_walk.h"
#include "model/recommenders/session_generator.h"

namespace eddy {

/// Brings users' scores up to date from their caches, many users at once: the latent (SequenceWalk) and the
/// mean over the calls (CallReader), then the head. Owns its buffers: for one thread at a time, and without
/// allocation once they have grown.
class NetworkRefresh {
 public:
  explicit NetworkRefresh(std::shared_ptr<const Network> network);

  struct User {
    const Facts* facts = nullptr;
    NetworkCache* cache = nullptr;  ///< of this network; read and renewed
    float* outputs = nullptr;       ///< [I], before the sigmoid
  };
  void run(std::span<const User> users);

  /// More rows at once do not make the products faster, but push the buffers out of the processor's
  /// second-level cache. A multiple of the rows that PackedMatrix takes at a time: 6, 14 (nearly) or 32.
  static constexpr std::size_t kMaxRows = 96;
  /// So many users are sorted by what is left to do for them before they are refreshed, kMaxRows at a time.
  static constexpr std::size_t kMostPlanned = 4 * kMaxRows;

 private:
  void plan_rows(std::span<const User> users);
  void run_rows();
  void plan(const User& user);
  void impute_latents();
  void read_calls();
  void generate_calls();
  void generate_latents();
  void add_history();
  const float* join_features();
  void write_outputs(const float* features);

  const std::shared_ptr<const Network> network_;
  std::optional<SequenceWalk> walk_;  // with a GRU
  CallReader call_reader_;
  std::optional<LinearHistory> history_;            // with LinearPath::kSincePurchase
  std::unique_ptr<NetworkRefresh> call_generator_;  // with Imputation::kGenerated
  std::optional<SessionGenerator> session_generator_;

  std::vector<NetworkRow> planned_;
  std::span<NetworkRow> rows_;  // of these, those that are refreshed together
  std::vector<Interaction> listed_, interactions_;
  std::vector<const CallFacts*> calls_;
  std::vector<User> without_calls_;
  std::vector<std::size_t> without_sessions_;  // places in rows_

  std::vector<float> means_;                // rows × D
  std::vector<float> known_means_;          // rows without sessions × D
  std::vector<float> call_features_;        // rows × C
  std::vector<float> features_;             // rows × (C + H), where both are there
  std::vector<std::vector<float>> layers_;  // rows × width, each
  std::vector<float> logits_;               // rows × I
};

}  // namespace eddy

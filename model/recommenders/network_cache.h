#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "state/profile/interactions.h"
#include "state/profile/profile.h"

namespace eddy {

/// A call's embeddings summed over its first utterances, but for the newest one, which a correction may still
/// replace. Valid for any call that begins with the same words: sums are added up in the order of the terms,
/// so going on from here gives the same bits as beginning anew.
struct TextSum {
  std::uint64_t digest = 0;      ///< of the words of the summed utterances, in order
  std::uint32_t utterances = 0;  ///< how many are in the sum; 0: nothing is kept
  std::uint32_t terms = 0;
  std::vector<float> embedding;  ///< [D]
  std::vector<float> linear;     ///< [I], or empty without a linear path
};

/// The embeddings of all calls but the last, summed.
struct CallsSum {
  std::vector<std::uint64_t> revisions;  ///< of these calls; none: nothing is kept
  std::uint64_t count = 0;               ///< of terms, or of carried vectors
  std::vector<float> embedding;          ///< [D]
};

/// The linear path's sum over the interactions since the last purchase, without the last interaction.
struct HistorySum {
  std::vector<std::uint64_t> revisions;  ///< of these interactions
  std::vector<float> linear;             ///< [I]; empty where there are none
};

/// What a network keeps of a user: the latent before the last interaction that its GRU reads, and before the
/// one before it, so that an event of either costs one or two GRU steps. Read and written by SequenceWalk and
/// CallsReader.
///
///     interactions:  0 … n-3   n-2   n-1
///     latents:             ▲earlier ▲latent, with its gates
///                                        ▲latest, where the GRU passes over some interactions
///
/// A latent of no interactions is zero and not kept. Once an event of an earlier interaction made the walk
/// read the last one again, what the last one gives the GRU is kept, too: while a session and a call take
/// turns, only one of the two is read at an event.
class NetworkCache final : public ModelCache {
 public:
  explicit NetworkCache(std::uint64_t network) : network_(network) {}

  [[nodiscard]] std::uint64_t network() const { return network_; }
  [[nodiscard]] std::size_t memory_bytes() const override;

  /// The longest kept prefix, of at most interactions.size() - 1, that the interactions begin with; 0 if
  /// there is none or if starting there would leave a latent without a value.
  [[nodiscard]] std::size_t fitting_prefix(std::span<const Interaction> interactions) const;

  /// Forgets the latents and makes room for those of these interactions. `hidden`: floats of a latent.
  void reset(std::span<const Interaction> interactions, std::size_t hidden);

  /// Interactions before `latent`.
  [[nodiscard]] std::size_t prefix() const { return revisions_.size(); }
  /// Null where the prefix is of no interactions. `gates` are the products W_hh · latent, 3 · hidden.
  [[nodiscard]] float* latent() { return revisions_.empty() ? nullptr : latents_.get(); }
  [[nodiscard]] float* gates() { return revisions_.empty() ? nullptr : latents_.get() + hidden_; }
  [[nodiscard]] float* earlier_latent() {
    return revisions_.size() < 2 ? nullptr : latents_.get() + 4 * hidden_;
  }

  /// The latent after all of these interactions, if it is kept; else null.
  [[nodiscard]] const float* latest(std::span<const Interaction> interactions) const;
  /// Keeps it, after reset() or where the prefix fits.
  void keep_latest(std::uint64_t revision_of_last, std::span<const float> latent);

  /// Whether the last interaction is the one, unchanged, that the last refresh ended with.
  [[nodiscard]] bool ended_with(std::uint64_t revision_of_last) const {
    return revision_of_last == end_revision_;
  }
  void end_with(std::uint64_t revision_of_last) { end_revision_ = revision_of_last; }

  /// Whether there ever was a last interaction whose input was kept.
  [[nodiscard]] bool keeps_input() const { return !input_.empty(); }
  /// What the last interaction gives the GRU, if it is kept: W_ih · x, 3 · hidden, and then its linear path,
  /// [I].
  [[nodiscard]] const float* input(std::uint64_t revision_of_last) const {
    return !input_.empty() && revision_of_last == input_revision_ ? input_.data() : nullptr;
  }
  void keep_input(std::uint64_t revision_of_last, std::span<const float> products,
                  std::span<const float> linear);

  TextSum text;        ///< of the last call, where it was the last of the interactions
  CallsSum calls;      ///< where the network reads the mean over calls
  HistorySum history;  ///< with LinearPath::kSincePurchase
  std::unique_ptr<NetworkCache> call_generator;  ///< of the network that makes a call of sessions

 private:
  std::uint64_t network_;
  std::vector<std::uint64_t> revisions_;  // of the interactions before `latent`
  std::unique_ptr<float[]> latents_;      // latent, gates, earlier latent
  std::size_t latents_size_ = 0;          // floats
  std::size_t hidden_ = 0;
  std::uint64_t latest_revision_ = 0;
  std::vector<float> latest_;
  std::uint64_t end_revision_ = std::numeric_limits<std::uint64_t>::max();  // of no interaction
  std::uint64_t input_revision_ = 0;
  std::vector<float> input_;  // products, linear path
};

}  // namespace eddy

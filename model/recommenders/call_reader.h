#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/recommenders/network.h"
#include "model/recommenders/network_cache.h"

namespace eddy {

/// Reads calls as text: sums and means of the embeddings of their terms, or of the vectors that they carry.
/// Has scratch memory: for one thread at a time.
class CallReader {
 public:
  explicit CallReader(std::shared_ptr<const Network> network) : network_(std::move(network)) {}

  /// The call's mean embedding, [D]. `is_last`: it is the user's last interaction; only then is there a
  /// linear path (`linear`, [I], zeros before; null: none) and something to keep for the next event.
  void read(const CallFacts& call, TextSum& kept, bool is_last, float* text, float* linear);

  /// The mean over several calls, each occurrence of a term or vector counting alike; zeros without any. The
  /// sum over all but the last is kept. Whatever was kept before, the result has the same bits.
  void read_all(std::span<const CallFacts* const> calls, TextSum& text_kept, CallsSum& kept, float* text);

 private:
  std::uint64_t sum(const CallFacts& call, TextSum& kept, bool keep, float* text);
  std::uint64_t sum_terms(const CallFacts& call, TextSum& kept, bool keep, float* text, float* linear);
  std::uint64_t sum_carried(const CallFacts& call, float* text) const;
  std::uint64_t digest_of_heard(std::size_t begin, std::size_t end, std::uint64_t digest) const;
  std::uint32_t add_heard(std::size_t begin, std::size_t end, float* text, float* linear);
  void sum_settled(std::span<const CallFacts* const> calls, CallsSum& kept);

  const std::shared_ptr<const Network> network_;
  std::vector<std::uint32_t> indices_;       // terms of some utterances
  std::vector<const UtteranceFact*> heard_;  // of one call
  std::vector<float> one_call_;              // [D]
  std::vector<float> scratch_;               // [I]
};

}  // namespace eddy

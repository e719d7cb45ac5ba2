#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "simulate/simulation.h"

namespace eddy {

/// What was written.
struct TrygSummary {
  std::size_t users = 0, purchases = 0, sessions = 0, calls = 0;
  std::size_t actions = 0, sentences = 0;
  OptimumReport optimum;
};

/// Simulates the same users as simulate() and writes what they do as the files of arXiv 2405.04246 into
/// `directory`, which is made; the embeddings in parts of 5,000 sentences. Purchases are numbered in order of
/// time, and list the 10 latest interactions; over a published structure they keep its numbers and lists.
/// Every item may be sold at any time, as in the events of simulate(). Keeps one user in memory. Noise is not
/// for it. Errors (external): a file that cannot be written.
Result<TrygSummary> simulate_tryg(const SimulationOptions& options, const UserStructure& structure,
                                  const std::filesystem::path& directory,
                                  const SimulationProgress& progress = {});

/// For people, with the optimum as a table.
[[nodiscard]] std::string to_text(const TrygSummary& summary);

}  // namespace eddy

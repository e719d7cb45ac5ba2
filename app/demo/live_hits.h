#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "event/event.h"

namespace eddy {

/// How often the items that were recommended just before a purchase were bought.
struct LiveHits {
  std::size_t purchases = 0;  ///< with a recommendation before them
  std::size_t hits = 0;       ///< a bought item among the first three

  [[nodiscard]] double rate() const {
    return purchases == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(purchases);
  }
};

/// Reads the pipeline's own output, a file of the recommendations sink, and sets each purchase among `events`
/// beside what was last recommended to its user before it. `events` are in the order in which the pipeline
/// read them. Errors: the file cannot be read, or is not what `publish` writes.
Result<LiveHits> count_live_hits(const std::filesystem::path& recommendations,
                                 const std::vector<Event>& events);

/// The same for a ranking that is the same for everybody.
[[nodiscard]] LiveHits count_hits_of(const std::vector<ItemId>& ranking, const std::vector<Event>& events);

/// Items by the number of purchases among `events` that hold them, the most popular first; ties by id.
[[nodiscard]] std::vector<ItemId> popular_items(const std::vector<Event>& events);

}  // namespace eddy

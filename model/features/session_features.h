#pragma once

#include <cstdint>
#include <vector>

#include "model/vocabulary.h"
#include "state/profile/facts.h"

namespace eddy {

/// The union of an interaction's tags as indices into a vocabulary: of a session the tags of its actions, of
/// a call the keywords of its utterances. Has scratch memory: for one thread at a time.
class SessionTags {
 public:
  /// `vocabulary` outlives this.
  explicit SessionTags(const Vocabulary& vocabulary) : vocabulary_(vocabulary), seen_(vocabulary.size(), 0) {}

  /// Replaces `indices` by the known tags, each once, in order of first occurrence.
  void collect(const SessionFacts& session, std::vector<std::uint32_t>& indices);

  /// A union is collected step by step between two calls of begin().
  void begin();
  /// Appends those of `tags` that are known and were not appended since begin().
  void append_new(const TagSet& tags, std::vector<std::uint32_t>& indices);

 private:
  const Vocabulary& vocabulary_;
  std::vector<std::uint32_t> seen_;  // the number of the call that saw the tag last
  std::uint32_t call_ = 0;
};

}  // namespace eddy

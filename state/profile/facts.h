#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event/event.h"
#include "state/profile/tag_set.h"

namespace eddy {

/// What one moment of a web session touched. Actions of one session and one millisecond are one: a union.
struct ActionFact {
  EventTime time;
  TagSet tags;

  friend bool operator==(const ActionFact&, const ActionFact&) = default;
};

/// A web session: a set of (time, tag) pairs. With an id: the actions that named it. Without: actions that no
/// gap of more than the inactivity limit separates.
struct SessionFacts {
  SessionId id;                     ///< empty: separated by inactivity
  std::vector<ActionFact> actions;  ///< by time, each time once, never empty
  std::uint64_t revision = 0;  ///< in memory only: unique in its Facts, renewed by each change; not compared

  [[nodiscard]] EventTime first_time() const { return actions.front().time; }
  [[nodiscard]] EventTime last_time() const { return actions.back().time; }
  bool operator==(const SessionFacts& other) const { return id == other.id && actions == other.actions; }
};

/// What is kept of an utterance: no text, but the hash of each word in order (state/profile/words.h), from
/// which any bag of n-grams follows.
struct UtteranceFact {
  std::uint32_t seq = 0;
  bool is_final = true;
  Speaker speaker = Speaker::kCustomer;
  EventTime time;
  std::vector<std::uint32_t> words;  ///< set by set_words() only
  std::uint64_t words_digest = 0;    ///< in memory only: of `words`, so that caches compare them unread
  TagSet keywords;

  void set_words(std::vector<std::uint32_t> hashes);
  friend bool operator==(const UtteranceFact&, const UtteranceFact&) = default;
};

/// Sum of the embeddings of a call's final utterances, in fixed point (base/fixed_point.h).
struct EmbeddingSum {
  std::string encoder;
  std::vector<std::int64_t> sum;
  std::vector<std::uint32_t> seqs;  ///< sorted: the sequence numbers that are in the sum

  friend bool operator==(const EmbeddingSum&, const EmbeddingSum&) = default;
};

/// A phone call. `utterances` is sorted by (seq, final first). A seq has one utterance, its winner; a partial
/// that is later than the winning final is kept behind it, because a `forget` between the two would leave it.
struct CallFacts {
  CallId id;
  std::optional<EventTime> started, ended;  ///< the latest times that were said
  std::vector<UtteranceFact> utterances;
  std::optional<EmbeddingSum> embedding;
  EventTime embedding_time;    ///< earliest event in `embedding`; meaningful only with it
  std::uint64_t revision = 0;  ///< as in SessionFacts

  /// Over all that is kept of the call.
  [[nodiscard]] EventTime first_time() const;
  [[nodiscard]] EventTime last_time() const;
  /// Whether utterances[i] is kept behind its seq's winner; models and people read the others only.
  [[nodiscard]] bool is_shadowed(std::size_t i) const {
    return i > 0 && utterances[i - 1].seq == utterances[i].seq;
  }
  [[nodiscard]] bool empty() const { return !started && !ended && utterances.empty() && !embedding; }
  bool operator==(const CallFacts& other) const;
};

struct PurchaseFact {
  EventId id;  ///< never empty: without an id of its own, derived from the purchase's content
  EventTime time;
  std::vector<ItemId> items;  ///< sorted, unique

  friend bool operator==(const PurchaseFact&, const PurchaseFact&) = default;
};

struct PortfolioFact {
  EventTime time;
  std::vector<ItemId> items;  ///< sorted, unique

  friend bool operator==(const PortfolioFact&, const PortfolioFact&) = default;
};

struct IdentityFact {
  EventTime time;
  UserId user;

  friend bool operator==(const IdentityFact&, const IdentityFact&) = default;
};

/// All that happened to one user; knows no model. Equal facts compare equal and are stored as equal bytes.
/// Changed by state/profile/fold.h and merge.h only. Not synchronised.
struct Facts {
  std::vector<SessionFacts> sessions;   ///< by (first time, id)
  std::vector<CallFacts> calls;         ///< by (first time, id)
  std::vector<PurchaseFact> purchases;  ///< by (time, id), the latest ones
  std::optional<PortfolioFact> portfolio;
  std::optional<IdentityFact> identified_as;  ///< this visitor is that user, whose profile has the facts
  EventTime forgotten_before = EventTime::never();  ///< events up to this time count for nothing
  std::uint64_t last_revision = 0;                  ///< in memory only; not compared

  [[nodiscard]] bool empty() const;
  bool operator==(const Facts& other) const;
};

/// The time of the latest event of sessions, calls and purchases; never() if there is none.
[[nodiscard]] EventTime last_event_time(const Facts& facts);

/// Bytes that the facts take in memory, heap included; an estimate within some 20 %.
[[nodiscard]] std::size_t memory_bytes(const Facts& facts);

}  // namespace eddy

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crash/proof_work.h"
#include "state/profile/facts.h"

namespace eddy {

enum class Repeats { kRefused, kAllowed };

/// What must have come out: one recommendation for every event, and the facts of a single-threaded fold.
/// Compares with both; what differs becomes a test failure.
class ExpectedOutputs {
 public:
  /// Expects the effects of everything that was produced so far. `work` outlives this object.
  explicit ExpectedOutputs(ProofWork& work);

  /// The recommendations that a read_committed reader sees: of every event one, for the event's user; none
  /// twice (unless repeats are allowed), none missing, none unknown. No dead letters. The last one of each
  /// user equals a batch forward pass over that user's facts.
  void expect_in_topic(Repeats repeats) const;
  /// The profiles in a state directory that owned every shard last, bit for bit.
  void expect_in_state(const std::filesystem::path& state) const;
  /// The last recommendation of each user, as JSON, equals a batch forward pass over that user's facts within
  /// 1e-5.
  void expect_fitting(const std::unordered_map<std::string, std::string>& last_by_user) const;

  [[nodiscard]] const std::map<std::string, Facts>& facts() const { return facts_; }
  /// The text of "event" or "user" in a recommendation; empty where there is none.
  [[nodiscard]] static std::string field(std::string_view recommendation, std::string_view name);

 private:
  ProofWork& work_;
  const std::map<std::string, Facts> facts_;
};

}  // namespace eddy

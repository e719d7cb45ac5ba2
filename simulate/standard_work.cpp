#include "simulate/standard_work.h"

#include <string>
#include <vector>

#include "base/hash.h"
#include "simulate/random.h"

namespace eddy {

namespace {

constexpr std::size_t kWords = 5000;
constexpr std::size_t kTags = 512;
constexpr std::int64_t kBeginMilliseconds = 1'700'000'000'000;
constexpr std::size_t kEventsBetweenProgress = 16384;

/// Made-up words of two to four syllables.
std::vector<std::string> make_words() {
  static constexpr std::string_view kConsonants = "bcdfghjklmnprstvw";
  static constexpr std::string_view kVowels = "aeiou";
  Random random(1);
  std::vector<std::string> words(kWords);
  for (std::string& word : words) {
    for (std::size_t left = 2 + random.below(3); left > 0; --left) {
      word += kConsonants[random.below(kConsonants.size())];
      word += kVowels[random.below(kVowels.size())];
    }
  }
  return words;
}

void append_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 15U];
}

class StandardWork {
 public:
  explicit StandardWork(const StandardWorkOptions& options)
      : options_(options), random_(options.seed), words_(make_words()), states_(options.users) {}

  Result<void> write_next(RecordWriter& writer, StandardWorkSummary& summary) {
    const std::size_t user = random_.below(options_.users);
    key_ = "u-" + std::to_string(user);
    record_.clear();
    const bool is_utterance = random_.below(4) == 0;
    if (is_utterance) {
      append_utterance(user);
    } else {
      append_action(user);
    }
    ++number_;
    ++(is_utterance ? summary.utterances : summary.actions);
    return writer.write(is_utterance ? InputChannel::kCalls : InputChannel::kWeb, key_, record_);
  }

 private:
  struct UserState {
    std::uint32_t session = 0, call = 0, seq = 0;
  };

  [[nodiscard]] std::string time() const { return std::to_string(kBeginMilliseconds + number_); }

  void append_utterance(std::size_t user) {
    UserState& state = states_[user];
    if (state.seq == 0 || random_.below(10) == 0) {
      ++state.call;
      state.seq = 0;
    }
    const std::string seq = std::to_string(++state.seq);
    std::string call = "c-";
    append_hex(call, hash_combine(user + (std::uint64_t{1} << 40U), state.call));
    record_ += R"({"type":"utterance","id":")" + call + "-" + seq + R"(","user":")" + key_ + R"(","call":")" +
               call + R"(","seq":)" + seq + R"(,"time":)" + time() + R"(,"speaker":")" +
               (random_.below(2) == 0 ? "customer" : "agent") + R"(","text":")";
    const std::size_t count = 10 + random_.below(7);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) record_ += ' ';
      // Small numbers more often, roughly as words are.
      const double at = random_.uniform();
      record_ += words_[static_cast<std::size_t>(at * at * at * static_cast<double>(kWords))];
    }
    record_ += "\"}";
  }

  void append_action(std::size_t user) {
    UserState& state = states_[user];
    if (state.session == 0 || random_.below(8) == 0) ++state.session;
    record_ += R"({"type":"action","id":"a-)";
    append_hex(record_, hash_combine(1, static_cast<std::uint64_t>(number_)));
    append_hex(record_, hash_combine(2, static_cast<std::uint64_t>(number_)));
    record_ += R"(","user":")" + key_ + R"(","session":"s-)";
    append_hex(record_, hash_combine(user, state.session));
    record_ += R"(","time":)" + time() + R"(,"tags":[)";
    for (int i = 0; i < 3; ++i)
      record_ += (i > 0 ? ",\"t" : "\"t") + std::to_string(random_.below(kTags)) + '"';
    record_ += "]}";
  }

  const StandardWorkOptions options_;
  Random random_;
  const std::vector<std::string> words_;
  std::vector<UserState> states_;
  std::int64_t number_ = 0;
  std::string key_, record_;
};

}  // namespace

Result<StandardWorkSummary> write_standard_work(
    const StandardWorkOptions& options, RecordWriter& writer,
    const std::function<void(std::size_t done, std::size_t total)>& progress) {
  StandardWorkSummary summary;
  StandardWork work(options);
  for (std::size_t done = 0; done < options.events; ++done) {
    if (progress && done % kEventsBetweenProgress == 0) progress(done, options.events);
    EDDY_TRY(work.write_next(writer, summary));
  }
  if (progress) progress(options.events, options.events);
  return summary;
}

}  // namespace eddy

#include "operators/redact/redact_operator.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/metric.h"
#include "operators/redact/pii_scanner.h"

namespace eddy {
namespace {

constexpr std::array<PiiKind, kPiiKinds> kAllKinds = {PiiKind::kEmail,      PiiKind::kPhone,
                                                      PiiKind::kCard,       PiiKind::kIban,
                                                      PiiKind::kNationalId, PiiKind::kCredentials};

class RedactOperator final : public Operator {
 public:
  RedactOperator(std::uint32_t kinds, bool with_tags) : scanner_(kinds), with_tags_(with_tags) {}

  [[nodiscard]] Stage stage() const override { return Stage::kRecords; }

  Result<void> open(OperatorContext& context) override {
    if (!context.metrics) return {};
    for (const PiiKind kind : kAllKinds) {
      counters_.push_back(&context.metrics->counter("eddy_redactions_total",
                                                    "Pieces of personal data taken out.",
                                                    {{"kind", std::string(name_of(kind))}}));
    }
    return {};
  }

  Result<void> process(Batch& /*batch*/, std::span<Item* const> items) override {
    for (Item* item : items) {
      if (auto* said = std::get_if<Utterance>(&item->event.body)) {
        scanner_.redact(said->text);
        for (std::string& keyword : said->keywords) scanner_.redact(keyword);
      } else if (auto* action = with_tags_ ? std::get_if<Action>(&item->event.body) : nullptr) {
        for (std::string& tag : action->tags) scanner_.redact(tag);
      }
    }
    count();
    return {};
  }

 private:
  void count() {
    for (std::size_t i = 0; i < counters_.size(); ++i) {
      const std::uint64_t found = scanner_.found()[i];
      if (found != counted_[i]) counters_[i]->add(static_cast<double>(found - counted_[i]));
      counted_[i] = found;
    }
  }

  PiiScanner scanner_;
  const bool with_tags_;
  std::vector<Counter*> counters_;
  std::array<std::uint64_t, kPiiKinds> counted_{};
};

class RedactFactory final : public OperatorFactory {
 public:
  RedactFactory() {
    for (const PiiKind kind : kAllKinds) kinds_.emplace_back(name_of(kind));
  }

  [[nodiscard]] std::string summary() const override {
    return "Replaces personal data in texts, keywords and tags by tokens such as <email>.";
  }

  OptionSet options() override {
    OptionSet options("redact");
    options.add("kinds", &kinds_, "What to take out: email, phone, card, iban, national_id, credentials.");
    options.add("tags", &with_tags_, "Look into the tags of actions too.");
    return options;
  }

  void prepare(const ParamNode& node, std::vector<Error>& mistakes) override {
    mask_ = 0;
    std::vector<std::string> names;
    names.reserve(kAllKinds.size());
    for (const PiiKind kind : kAllKinds) names.emplace_back(name_of(kind));
    for (const std::string& name : kinds_) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found != names.end()) {
        mask_ |= 1U << static_cast<unsigned>(found - names.begin());
        continue;
      }
      const std::string nearest = nearest_name(name, names);
      mistakes.push_back(
          user_error("redact: kinds has no '" + name + "'" +
                         (nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?"),
                     node.where));
    }
  }

  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    return std::unique_ptr<Operator>(std::make_unique<RedactOperator>(mask_, with_tags_));
  }

 private:
  std::vector<std::string> kinds_;
  bool with_tags_ = true;
  std::uint32_t mask_ = 0;
};

}  // namespace

std::unique_ptr<OperatorFactory> make_redact_factory() {
  return std::make_unique<RedactFactory>();
}

}  // namespace eddy

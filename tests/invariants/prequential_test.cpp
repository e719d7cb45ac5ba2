// What the pipeline measures before each purchase, in batches and rounds, equals an evaluation of the same
// stream event by event on one thread, with visitors who become users in the middle of a batch.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <charconv>
#include <string>
#include <vector>

#include "fakes/hashing_bundle.h"
#include "fakes/line_pipeline.h"
#include "invariants/event_generators.h"
#include "operators/fold/fold_operator.h"
#include "operators/refresh/ranking.h"
#include "operators/refresh/refresh_operator.h"
#include "state/profile/merge.h"

namespace eddy {
namespace {

constexpr std::size_t kItems = 9;

/// Events of which a third are purchases.
std::vector<Event> stream_with_purchases() {
  auto events = *generate::event_stream();
  const auto more = *generate::event_stream();
  events.insert(events.end(), more.begin(), more.end());
  for (Event& event : events) {
    if (std::holds_alternative<Forget>(event.body) && *rc::gen::inRange(0, 3) > 0)
      event.body = CallStarted{CallId("call-0")};
    if (!std::holds_alternative<Action>(event.body) || *rc::gen::inRange(0, 2) == 0) continue;
    event.body = Purchase{generate::some_of<ItemId>("item-", generate::kItems + 2, 3)};
    if (std::get<Purchase>(event.body).items.empty())
      std::get<Purchase>(event.body).items.emplace_back("item-1");
  }
  return events;
}

/// The event that a record names by its number.
std::shared_ptr<OperatorFactory> read_numbers(const std::vector<Event>& events) {
  return std::make_shared<FunctionFactory>(
      Operator::Stage::kRecords, [&](OperatorContext&, Batch& batch, std::span<Item* const>) -> Result<void> {
        for (std::uint32_t i = 0; i < batch.records().size(); ++i) {
          const std::string_view value = batch.value(batch.records()[i]);
          std::size_t number = 0;
          std::from_chars(value.data(), value.data() + value.size(), number);
          Item& item = batch.items.emplace_back();
          item.record = i;
          item.event = events.at(number);
        }
        return {};
      });
}

class RefreshMaker final : public OperatorFactory {
 public:
  RefreshMaker(std::shared_ptr<ServedModels> models, std::shared_ptr<Prequential> prequential)
      : models_(std::move(models)), prequential_(std::move(prequential)) {}
  [[nodiscard]] std::string summary() const override { return "Refreshes."; }
  OptionSet options() override { return OptionSet("refresh"); }
  void prepare(const ParamNode& /*node*/, std::vector<Error>& /*mistakes*/) override {}
  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    return make_refresh_operator(models_, prequential_, {});
  }

 private:
  const std::shared_ptr<ServedModels> models_;
  const std::shared_ptr<Prequential> prequential_;
};

/// One profile after the other, without a pipeline: facts in a map, folded and merged as docs/events.md says.
class OneByOne {
 public:
  explicit OneByOne(const Bundle& bundle)
      : model_{"default", nullptr, std::make_shared<const Catalogue>(bundle.model()), 0},
        recommender_(bundle.make_recommender()) {}

  void add(const Event& event) {
    if (const auto* identify = std::get_if<Identify>(&event.body)) {
      this->identify(event, identify->visitor);
      return;
    }
    Event own = event;
    own.user = person(event.user);
    Facts& facts = users_[own.user];
    const Facts before = facts;
    const bool is_changed = fold(own, {}, facts) == FoldOutcome::kChanged;
    if (std::holds_alternative<Forget>(event.body) && own.user != event.user)
      fold(event, {}, users_[event.user]);
    const auto* purchase = std::get_if<Purchase>(&event.body);
    if (purchase == nullptr || !is_changed || (before.sessions.empty() && before.calls.empty())) return;
    std::vector<float> scores(kItems);
    const Facts* asked = &before;
    RC_ASSERT(recommender_->score({&asked, 1}, scores.data()).has_value());
    std::vector<ScoredItem> ranked;
    RC_ASSERT(rank(scores, kMaxRank, ranked));
    measures.add(model_, ranked, *purchase, nullptr);
  }

  Prequential measures{1000};

 private:
  UserId person(UserId user) {
    while (users_[user].identified_as) user = users_[user].identified_as->user;
    return user;
  }
  void identify(const Event& event, const UserId& visitor) {
    const UserId user = person(event.user);
    const UserId owner = person(visitor);
    Facts& facts = users_[user];
    Facts& visited = users_[visitor];
    if (event.time <= facts.forgotten_before || owner == user) return;
    if (event.time <= visited.forgotten_before) {
      // The user is forgotten as far as the visitor was.
      Event forget = event;
      forget.time = visited.forgotten_before;
      forget.body = Forget{};
      fold(forget, {}, facts);
      return;
    }
    if (visited.identified_as) {
      if (visited.identified_as->time < event.time) visited.identified_as = IdentityFact{event.time, user};
      return;
    }
    merge(std::move(visited), {}, facts);
    visited = Facts{};
    visited.identified_as = IdentityFact{event.time, user};
  }

  const ServedModel model_;
  const std::unique_ptr<Recommender> recommender_;
  std::map<UserId, Facts> users_;
};

RC_GTEST_PROP(InvariantPrequential, equals_an_evaluation_event_by_event, ()) {
  const std::vector<Event> events = stream_with_purchases();
  const auto bundle = std::make_shared<HashingBundle>(kItems);
  auto models = std::make_shared<ServedModels>(std::vector<Arm>{Arm{}},
                                               std::vector<std::shared_ptr<const Bundle>>{bundle}, "salt");
  auto prequential = std::make_shared<Prequential>(1000);
  LinePipeline world;
  world.options.batch_events = *rc::gen::inRange<std::size_t>(1, 40);
  world.options.batch_wait = std::chrono::seconds(10);
  const std::shared_ptr<OperatorFactory> fold_factory = make_fold_factory();
  world.operators = {{"numbers", read_numbers(events)},
                     {"fold", fold_factory},
                     {"refresh", std::make_shared<RefreshMaker>(models, prequential)}};
  auto pipeline = world.make(
      std::make_unique<GeneratedSource>(events.size(), 1, [](std::uint64_t n) { return std::to_string(n); }));
  const auto ran = pipeline->run();
  RC_ASSERT(ran.has_value());

  OneByOne expected(*bundle);
  for (const Event& event : events) expected.add(event);
  const auto got = prequential->rows();
  const auto wanted = expected.measures.rows();
  RC_ASSERT(got.size() == wanted.size());
  if (got.empty()) return;
  RC_TAG(got[0].all.examples > 3 ? "more than three purchases" : "few purchases");
  RC_ASSERT(got[0].all.examples == wanted[0].all.examples);
  for (std::size_t k = 0; k < kMaxRank; ++k) {
    RC_ASSERT(std::abs(got[0].all.hit_rate[k] - wanted[0].all.hit_rate[k]) < 1e-12);
    RC_ASSERT(std::abs(got[0].all.mean_average_precision[k] - wanted[0].all.mean_average_precision[k]) <
              1e-12);
  }
}

}  // namespace
}  // namespace eddy

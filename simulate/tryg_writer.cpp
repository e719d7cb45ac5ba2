#include "simulate/tryg_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "import/tryg_format.h"
#include "simulate/sentence_contents.h"

namespace eddy {

namespace {

constexpr std::size_t kSentencesOfAPart = 5'000;
constexpr std::size_t kUsersBetweenProgress = 64;

/// A CSV file of numbers and lists of numbers.
class CsvFile {
 public:
  Result<void> open(const std::filesystem::path& path, const std::vector<std::string>& columns) {
    EDDY_ASSIGN(file_, write_to_file(path));
    for (const std::string& column : columns) add(column);
    return end_row();
  }
  void add(std::string_view field) {
    if (!row_.empty()) row_ += ',';
    row_ += field;
  }
  void add(std::size_t number) { add(std::to_string(number)); }
  void add(float number) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    add(std::string_view(digits.data(), static_cast<std::size_t>(end.ptr - digits.data())));
  }
  void add(const std::vector<std::uint32_t>& numbers) {
    std::string list;
    for (const std::uint32_t number : numbers) list += (list.empty() ? "" : ",") + std::to_string(number);
    add(numbers.size() > 1 ? '"' + list + '"' : list);
  }
  Result<void> end_row() {
    const Result<void> written = file_->write(InputChannel::kWeb, {}, row_);
    row_.clear();
    return written;
  }
  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  Result<void> close() {
    EDDY_TRY(file_->finish());
    file_.reset();
    return {};
  }

 private:
  std::unique_ptr<RecordWriter> file_;
  std::string row_;
};

/// "c-3596" of a published structure
std::size_t number_behind_dash(const std::string& id) {
  std::size_t number = 0;
  const char* begin = id.data() + id.find('-') + 1;
  std::from_chars(begin, id.data() + id.size(), number);
  return number;
}

class TrygWriter {
 public:
  TrygWriter(const SimulationOptions& options, const UserStructure& structure,
             std::filesystem::path directory)
      : options_(options),
        structure_(structure),
        directory_(std::move(directory)),
        maker_(options.period),
        contents_(maker_.web(), maker_.calls()),
        optimum_(structure.needs()) {}

  Result<TrygSummary> run(const SimulationProgress& progress) {
    EDDY_TRY(open());
    if (!structure_.has_published_ids()) number_purchases();
    summary_.users = structure_.users();
    for (std::size_t user = 0; user < structure_.users(); ++user) {
      EDDY_TRY(write_user(user));
      if (progress && user % kUsersBetweenProgress == 0) progress(user, summary_.users);
    }
    for (CsvFile* file : {&users_, &purchases_, &filter_, &sessions_, &keywords_}) EDDY_TRY(file->close());
    if (embeddings_.is_open()) EDDY_TRY(embeddings_.close());
    if (progress) progress(summary_.users, summary_.users);
    summary_.optimum = optimum_.report();
    return std::move(summary_);
  }

 private:
  Result<void> open() {
    const std::filesystem::path parts = directory_ / tryg::kEmbeddingsFolder;
    std::error_code code;
    std::filesystem::create_directories(parts, code);
    if (code) return external_error("the directory cannot be made: " + code.message(), parts.string());
    // Parts of an earlier, longer run would count as parts of this one.
    for (std::size_t part = 1; std::filesystem::remove(parts / tryg::embeddings_part(part), code); ++part) {
    }
    EDDY_TRY(users_.open(directory_ / tryg::kUsersFile, tryg::users_columns()));
    EDDY_TRY(purchases_.open(directory_ / tryg::kPurchasesFile, tryg::items_columns()));
    EDDY_TRY(filter_.open(directory_ / tryg::kPostFilterFile, tryg::items_columns()));
    EDDY_TRY(sessions_.open(directory_ / tryg::kSessionsFile, tryg::sessions_columns()));
    EDDY_TRY(keywords_.open(directory_ / tryg::kKeywordsFile, tryg::keywords_columns()));
    return open_part();
  }

  Result<void> open_part() {
    if (embeddings_.is_open()) EDDY_TRY(embeddings_.close());
    return embeddings_.open(directory_ / tryg::kEmbeddingsFolder / tryg::embeddings_part(++parts_),
                            tryg::embeddings_columns());
  }

  /// By time, over all users; a user's own ones keep their order.
  void number_purchases() {
    std::vector<std::pair<std::int64_t, std::size_t>> order;  // (time, running number over users)
    for (std::size_t user = 0; user < structure_.users(); ++user) {
      const UserHistory history = simulate_user(options_.seed, structure_, maker_, user).second;
      for (const Event& event : history.events) {
        if (std::holds_alternative<Purchase>(event.body))
          order.emplace_back(event.time.milliseconds, order.size());
      }
    }
    std::sort(order.begin(), order.end());
    numbers_.resize(order.size());
    for (std::size_t rank = 0; rank < order.size(); ++rank) numbers_[order[rank].second] = rank + 1;
  }

  Result<void> write_user(std::size_t index) {
    const auto [plan, history] = simulate_user(options_.seed, structure_, maker_, index);
    for (const PurchaseTruth& truth : history.purchases) optimum_.add(truth);
    const std::string user = structure_.has_published_ids() ? plan.user.value() : std::to_string(index + 1);
    std::vector<const PlannedInteraction*> interactions;  // all so far
    interaction_numbers_.clear();
    actions_of_session_.clear();
    for (const PlannedPurchase& purchase : plan.purchases) {
      const std::size_t fresh = purchase.interactions.size();
      const std::size_t earlier = std::min(purchase.listed_earlier, interactions.size());
      for (const PlannedInteraction& interaction : purchase.interactions)
        interactions.push_back(&interaction);
      const std::size_t listed = std::min(fresh + earlier, published::kMostInteractions);
      const std::size_t first =
          purchase.first_number > 0 ? purchase.first_number : interactions.size() - listed + 1;
      EDDY_TRY(write_purchase(user, purchase, first, std::span(interactions).last(listed)));
    }
    for (const Event& event : history.events) {
      if (const auto* action = std::get_if<Action>(&event.body)) EDDY_TRY(write_action(*action));
      if (const auto* said = std::get_if<Utterance>(&event.body)) EDDY_TRY(write_sentence(*said));
    }
    return {};
  }

  Result<void> write_purchase(const std::string& user, const PlannedPurchase& purchase,
                              std::size_t event_number, std::span<const PlannedInteraction* const> listed) {
    const std::size_t id = structure_.has_published_ids() ? number_behind_dash(purchase.id.value())
                                                          : numbers_[summary_.purchases];
    ++summary_.purchases;
    for (const PlannedInteraction* interaction : listed) {
      users_.add(user);
      users_.add(id);
      users_.add(event_number++);
      // As tables of numbers with gaps are published.
      const std::string number = std::to_string(number_of(*interaction)) + ".0";
      users_.add(interaction->is_call ? number : "");
      users_.add(interaction->is_call ? "" : number);
      EDDY_TRY(users_.end_row());
    }
    for (const ItemIndex item : purchase.items) EDDY_TRY(write_item(purchases_, id, item));
    for (std::size_t item = 0; item < published::kItems; ++item) EDDY_TRY(write_item(filter_, id, item));
    return {};
  }

  static Result<void> write_item(CsvFile& file, std::size_t purchase, std::size_t item) {
    file.add(purchase);
    file.add(item + 1);
    return file.end_row();
  }

  std::size_t number_of(const PlannedInteraction& interaction) {
    const auto [known, is_new] = interaction_numbers_.try_emplace(interaction.id);
    if (!is_new) return known->second;
    std::size_t& count = interaction.is_call ? summary_.calls : summary_.sessions;
    ++count;
    return known->second = structure_.has_published_ids() ? number_behind_dash(interaction.id) : count;
  }

  Result<void> write_action(const Action& action) {
    const auto known = interaction_numbers_.find(action.session.value());
    if (known == interaction_numbers_.end()) return {};  // no purchase lists it
    std::vector<std::uint32_t> tags;
    for (const std::string& tag : action.tags) tags.push_back(contents_.tag_number(tag));
    sessions_.add(known->second);
    sessions_.add(++actions_of_session_[known->second]);
    sessions_.add(tags);
    ++summary_.actions;
    return sessions_.end_row();
  }

  Result<void> write_sentence(const Utterance& said) {
    const auto known = interaction_numbers_.find(said.call.value());
    if (known == interaction_numbers_.end()) return {};
    if (summary_.sentences > 0 && summary_.sentences % kSentencesOfAPart == 0) EDDY_TRY(open_part());
    for (CsvFile* file : {&keywords_, &embeddings_}) {
      file->add(known->second);
      file->add(std::size_t{said.seq} + 1);
      file->add(said.speaker == Speaker::kCustomer ? tryg::kCustomer : tryg::kAgent);
    }
    keywords_.add(contents_.keywords(said.text));
    for (const float value : contents_.embedding(said.text)) embeddings_.add(value);
    ++summary_.sentences;
    EDDY_TRY(keywords_.end_row());
    return embeddings_.end_row();
  }

  const SimulationOptions& options_;
  const UserStructure& structure_;
  const std::filesystem::path directory_;
  const HistoryMaker maker_;
  SentenceContents contents_;
  Optimum optimum_;
  TrygSummary summary_;
  CsvFile users_, purchases_, filter_, sessions_, keywords_, embeddings_;
  std::size_t parts_ = 0;
  std::vector<std::size_t> numbers_;                        ///< of purchases, by running number over users
  std::map<std::string, std::size_t> interaction_numbers_;  ///< of the present user
  std::map<std::size_t, std::size_t> actions_of_session_;   ///< likewise; sessions may overlap
};

}  // namespace

Result<TrygSummary> simulate_tryg(const SimulationOptions& options, const UserStructure& structure,
                                  const std::filesystem::path& directory,
                                  const SimulationProgress& progress) {
  return TrygWriter(options, structure, directory).run(progress);
}

std::string to_text(const TrygSummary& summary) {
  return std::to_string(summary.users) + " users, " + std::to_string(summary.purchases) + " purchases, " +
         std::to_string(summary.sessions) + " sessions of " + std::to_string(summary.actions) + " actions, " +
         std::to_string(summary.calls) + " calls of " + std::to_string(summary.sentences) + " sentences\n" +
         to_table(summary.optimum);
}

}  // namespace eddy

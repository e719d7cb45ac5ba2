#include "app/demo/demo_stage.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "app/demo/live_hits.h"
#include "simulate/event_json.h"

namespace eddy {
namespace {

constexpr std::size_t kBars = 3;
constexpr std::chrono::seconds kNewsPatience{10};
constexpr std::chrono::milliseconds kStep{20};

CallViewOptions terminal_view() {
  CallViewOptions view;
  if (::isatty(STDOUT_FILENO) == 0) return view;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 60) {
    view.columns = std::min<std::size_t>(size.ws_col, 150);
  }
  view.colour = std::getenv("NO_COLOR") == nullptr;
  return view;
}

std::string joined_tags(const std::vector<std::string>& tags) {
  std::string text = "looks at";
  for (const std::string& tag : tags) text += " " + tag;
  return text;
}

}  // namespace

Result<std::unique_ptr<DemoStage>> DemoStage::make(const DemoOptions& options, DemoData data,
                                                   const std::string& bundle) {
  EDDY_ASSIGN(
      WatchedCall watched,
      choose_call(data.live, options.call.empty() ? std::nullopt : std::optional(UserId(options.call))));
  std::unique_ptr<DemoStage> stage(new DemoStage(options, std::move(data), std::move(watched)));
  stage->view_ = terminal_view();
  EDDY_TRY(stage->open(bundle));
  return stage;
}

Result<void> DemoStage::open(const std::string& bundle) {
  const std::filesystem::path directory = options_.directory;
  EDDY_ASSIGN(pipe_, EventPipe::make(directory / "live.pipe"));
  // The default configuration, but for where events come from and go to.
  EDDY_ASSIGN(auto loaded, load_configuration(
                               "default", {"operators.refresh.bundle=" + bundle, "http.listen=127.0.0.1:0"}));
  loaded.settings.delivery = "at_least_once";  // that of Kafka has transactions, files have not
  FileSourceOptions source;
  source.paths = {pipe_->path().string()};
  loaded.settings.sources = {{std::move(source), "demo"}};
  loaded.settings.sinks["recommendations"].options =
      FileSinkOptions{(directory / "recommendations.jsonl").string()};
  loaded.settings.sinks["dead_letters"].options =
      FileSinkOptions{(directory / "dead-letters.jsonl").string()};
  loaded.settings.state.directory = (directory / "state").string();
  EDDY_ASSIGN(app_, GraphApp::make(std::move(loaded)));
  signals_.emplace(*app_);
  subscription_ = app_->stream().subscribe(watched_.user, news_);
  pipeline_ = std::thread([this] {
    outcome_ = app_->run();
    has_ended_ = true;
  });
  return {};
}

DemoStage::~DemoStage() {
  if (!pipeline_.joinable()) return;
  // The pipe stays open until the reader is done: one that is about to open it would wait for a writer for
  // ever.
  app_->stop();
  pipeline_.join();
}

bool DemoStage::is_over() const {
  return has_ended_ || signals_->was_stopped();
}

Result<void> DemoStage::finish() {
  if (!is_over()) pipe_->close();
  pipeline_.join();
  subscription_.end();
  return std::move(*outcome_);
}

Result<void> DemoStage::send(const Event& event) {
  if (is_over()) return {};
  std::string line;
  append_json(event, line);
  EDDY_TRY(pipe_->write_line(std::move(line), [this] { return is_over(); }));
  ++sent_;
  return {};
}

void DemoStage::pause_for(std::chrono::duration<double> time) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!is_over() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kStep);
}

Result<void> DemoStage::play_fast(std::size_t from, std::size_t to) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t at = from; at < to; ++at) EDDY_TRY(send(data_.live[at]));
  while (!is_over() && app_->pipeline().committed_records() < sent_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  fast_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fast_events_ += to - from;
  return {};
}

void DemoStage::show(const std::string& who, const std::string& text, const RefreshNews::News& news) {
  CallMoment moment{who, text, {}};
  if (news) {
    const Recommendation& now = news->recommendation;
    std::map<std::string, double> scores;
    for (const ScoredItem& scored : now.ranked) {
      const std::string item = shown_item(now.model->items[scored.item], data_.is_simulated);
      scores[item] = scored.score;
      if (moment.top.size() >= kBars) continue;
      const auto before = scores_before_.find(item);
      moment.top.push_back({item, scored.score, before == scores_before_.end() ? 0.0 : before->second});
    }
    scores_before_ = std::move(scores);
  }
  std::cout << render_moment(moment, view_) << std::flush;
}

Result<void> DemoStage::play_call() {
  std::cout << "A call of user " << watched_.user.value() << ", as it happens (call " << watched_.call.value()
            << "); on the right what may be offered:\n\n"
            << std::flush;
  for (std::size_t at = watched_.first; at <= watched_.last && !is_over(); ++at) {
    const Event& event = data_.live[at];
    news_.forget();
    EDDY_TRY(send(event));
    if (event.user != watched_.user) continue;
    const auto* utterance = std::get_if<Utterance>(&event.body);
    const auto* action = std::get_if<Action>(&event.body);
    if (utterance == nullptr && action == nullptr) continue;
    const auto news = news_.wait_for(event.id, kNewsPatience, [this] { return is_over(); });
    if (utterance != nullptr) {
      show(utterance->speaker == Speaker::kCustomer ? "customer" : "agent", utterance->text, news);
    } else {
      show("web", joined_tags(action->tags), news);
    }
    pause_for(std::chrono::duration<double>(1.0 / options_.rate));
  }
  if (watched_.bought.empty()) return {};
  std::cout << "Later this user bought:";
  for (const ItemId& item : watched_.bought) std::cout << ' ' << shown_item(item, data_.is_simulated);
  std::cout << "\n\n" << std::flush;
  return {};
}

void DemoStage::print_figures(double hit_rate) const {
  std::printf("%.0f events a second, each with a refresh of its user's scores (%llu events)\n",
              static_cast<double>(fast_events_) / std::max(fast_seconds_, 1e-9),
              static_cast<unsigned long long>(fast_events_));
  std::printf("HR@3 of the live purchases: %.3f", hit_rate);
  if (data_.optimum_hit_rate) std::printf("; optimum %.3f", *data_.optimum_hit_rate);
  std::printf("; most popular items %.3f\n", count_hits_of(data_.popular, data_.live).rate());
  if (!data_.optimum_hit_rate) std::printf("(real events have no known optimum)\n");
  std::fflush(stdout);
}

void DemoStage::keep_serving() const {
  const std::string user = app_->url() + "/v1/users/" + watched_.user.value();
  std::printf(
      "\nTo try, while this runs:\n"
      "  curl '%s/recommendations?k=3'\n"
      "  curl -N '%s/recommendations/stream'\n"
      "  curl %s/metrics\n",
      user.c_str(), user.c_str(), app_->url().c_str());
  std::fflush(stdout);
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0 || options_.keep_seconds <= 0) return;
  std::printf("\nEnter ends the demo; so do %.0f seconds.\n", options_.keep_seconds);
  std::fflush(stdout);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(options_.keep_seconds);
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (!is_over() && std::chrono::steady_clock::now() < end && ::poll(&input, 1, 100) <= 0) {
  }
}

Result<void> DemoStage::play() {
  EDDY_TRY(play_fast(0, watched_.first));
  EDDY_TRY(play_call());
  EDDY_TRY(play_fast(watched_.last + 1, data_.live.size()));
  if (!is_over()) {
    EDDY_ASSIGN(
        const LiveHits hits,
        count_live_hits(std::filesystem::path(options_.directory) / "recommendations.jsonl", data_.live));
    print_figures(hits.rate());
    keep_serving();
  }
  return finish();
}

}  // namespace eddy

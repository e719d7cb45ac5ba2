#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "app/configured_run.h"
#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

class StopOnSignalTest : public testing::Test {
 protected:
  /// A graph over an empty file; nobody runs it.
  [[nodiscard]] std::unique_ptr<GraphApp> make_app() const {
    const auto file = directory_.path() / "graph.yaml";
    std::ofstream(directory_.path() / "in.jsonl").flush();
    std::ofstream(file) << "sources:\n  - files: {paths: [" << (directory_.path() / "in.jsonl").string()
                        << "]}\noperators: [decode, fold]\nstate: {dir: "
                        << (directory_.path() / "state").string() << "}\nhttp: {enabled: false}\n";
    auto loaded = load_configuration(file.string(), {});
    if (!loaded) {
      ADD_FAILURE() << to_string(loaded.error());
      return nullptr;
    }
    auto app = GraphApp::make(std::move(*loaded));
    EXPECT_TRUE(app) << to_string(app.error());
    return app ? std::move(*app) : nullptr;
  }

  TemporaryDirectory directory_;
};

TEST_F(StopOnSignalTest, a_signal_stops_the_app) {
  const auto app = make_app();
  ASSERT_TRUE(app);
  const StopOnSignal signals(*app);
  ASSERT_FALSE(signals.was_stopped());
  std::raise(SIGTERM);
  EXPECT_TRUE(signals.was_stopped());
  EXPECT_TRUE(app->pipeline().is_stopping());
}

TEST_F(StopOnSignalTest, a_signal_while_the_process_ends_does_not_end_it_without_its_line) {
  const auto app = make_app();
  ASSERT_TRUE(app);
  { const StopOnSignal signals(*app); }
  for (const int signal : {SIGTERM, SIGINT}) EXPECT_EQ(std::raise(signal), 0);
  EXPECT_FALSE(app->pipeline().is_stopping());
}

}  // namespace
}  // namespace eddy

#include "app/bundle_watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "fakes/random_bundle.h"
#include "fakes/small_text_encoder.h"
#include "fakes/temporary_directory.h"
#include "model/bundle.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

class BundleWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    write(path(), 1);
    serve();
  }

  static void write(const fs::path& directory, std::uint64_t seed) {
    write_random_bundle(directory, {"t1", "t2"}, {ItemId("i1"), ItemId("i2")}, seed);
  }
  static std::string name_of(const fs::path& directory) {
    const auto bundle = load_bundle(directory);
    EXPECT_TRUE(bundle);
    return bundle ? (*bundle)->model()->name : std::string();
  }

  void serve(std::chrono::milliseconds interval = std::chrono::milliseconds(0),
             const std::string& encoder = {}) {
    auto bundle = load_bundle(path());
    ASSERT_TRUE(bundle) << to_string(bundle.error());
    models_ = std::make_shared<ServedModels>(std::vector<Arm>{{"default", path(), 1}}, std::vector{*bundle},
                                             "salt");
    BundleWatch::Parts parts;
    parts.models = models_;
    parts.metrics = &metrics_;
    parts.on_replaced = [this] { ++replaced_; };
    parts.interval = interval;
    parts.encoder = encoder;
    watch_ = std::make_unique<BundleWatch>(std::move(parts));
  }

  /// Two looks: a change has to stay for a while.
  void look_twice() {
    watch_->look();
    watch_->look();
  }
  void exchange(const fs::path& with) const {
    fs::rename(path(), path("aside"));
    fs::rename(with, path());
    fs::rename(path("aside"), with);
  }

  [[nodiscard]] fs::path path(const std::string& name = "bundle") const { return directory_.path() / name; }
  [[nodiscard]] std::string served() const { return models_->current()[0]->name(); }
  [[nodiscard]] double refusals() {
    return metrics_.counter("eddy_bundles_refused_total", "", {{"arm", "default"}}).value();
  }
  [[nodiscard]] double swaps() {
    return metrics_.counter("eddy_bundle_swaps_total", "", {{"arm", "default"}}).value();
  }
  [[nodiscard]] double shown(const std::string& model) {
    return metrics_.gauge("eddy_served_model", "", {{"arm", "default"}, {"model", model}}).value();
  }

  const TemporaryDirectory directory_;
  MetricRegistry metrics_;
  std::shared_ptr<ServedModels> models_;
  std::atomic<int> replaced_{0};
  std::unique_ptr<BundleWatch> watch_;
};

TEST_F(BundleWatchTest, a_bundle_that_train_writes_over_the_old_one_takes_over) {
  const std::string old = served();
  look_twice();
  EXPECT_EQ(replaced_, 0);
  write(path(), 2);
  look_twice();
  EXPECT_EQ(served(), name_of(path()));
  EXPECT_NE(served(), old);
  EXPECT_EQ(replaced_, 1);
  EXPECT_EQ(swaps(), 1);
  EXPECT_EQ(shown(old), 0);
  EXPECT_EQ(shown(served()), 1);
  look_twice();
  EXPECT_EQ(replaced_, 1);
}

TEST_F(BundleWatchTest, a_directory_that_is_renamed_there_takes_over) {
  write(path("next"), 2);
  const std::string next = name_of(path("next"));
  exchange(path("next"));
  look_twice();
  EXPECT_EQ(served(), next);
}

TEST_F(BundleWatchTest, a_symbolic_link_that_is_pointed_elsewhere_takes_over) {
  write(path("versions") / "1", 1);
  write(path("versions") / "2", 2);
  fs::remove_all(path());
  fs::create_directory_symlink(path("versions") / "1", path());
  serve();
  const std::string old = served();
  fs::create_directory_symlink(path("versions") / "2", path("link"));
  fs::rename(path("link"), path());
  look_twice();
  EXPECT_NE(served(), old);
  EXPECT_EQ(served(), name_of(path("versions") / "2"));
}

TEST_F(BundleWatchTest, the_same_contents_at_another_place_are_no_swap) {
  fs::copy(path(), path("copy"));
  exchange(path("copy"));
  look_twice();
  EXPECT_EQ(replaced_, 0);
  EXPECT_EQ(swaps() + refusals(), 0);
}

TEST_F(BundleWatchTest, a_changed_byte_is_refused_once_and_the_old_one_serves_on) {
  const std::string old = served();
  write(path("next"), 2);
  {
    std::fstream file(path("next") / "weights.safetensors", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-1, std::ios::end);
    file.put('\x55');
  }
  exchange(path("next"));
  for (int i = 0; i < 5; ++i) look_twice();
  EXPECT_EQ(refusals(), 1) << "it is not tried again before it changes";
  EXPECT_EQ(served(), old);
  EXPECT_EQ(replaced_, 0);
  write(path(), 3);
  look_twice();
  EXPECT_EQ(served(), name_of(path()));
  EXPECT_EQ(refusals(), 1);
}

TEST_F(BundleWatchTest, what_is_no_bundle_is_refused_and_the_old_one_may_come_back) {
  const std::string old = served();
  fs::rename(path(), path("aside"));
  look_twice();
  EXPECT_EQ(refusals(), 1) << "there is nothing";
  fs::create_directory(path());
  look_twice();
  EXPECT_EQ(refusals(), 2) << "there is an empty directory";
  fs::remove(path());
  fs::rename(path("aside"), path());
  look_twice();
  EXPECT_EQ(served(), old);
  EXPECT_EQ(swaps(), 0);
  EXPECT_EQ(refusals(), 2);
}

TEST_F(BundleWatchTest, a_bundle_that_is_being_copied_is_not_tried) {
  write(path("next"), 2);
  const std::string next = name_of(path("next"));
  for (const auto& file : fs::directory_iterator(path())) fs::remove(file.path());
  for (const auto& file : fs::directory_iterator(path("next"))) {
    fs::copy(file.path(), path() / file.path().filename());
    watch_->look();
  }
  EXPECT_EQ(refusals(), 0) << "it was another one at each look";
  watch_->look();
  EXPECT_EQ(served(), next);
}

TEST_F(BundleWatchTest, a_bundle_that_was_replaced_before_the_watch_began_takes_over) {
  auto bundle = load_bundle(path());
  write(path(), 2);
  models_ =
      std::make_shared<ServedModels>(std::vector<Arm>{{"default", path(), 1}}, std::vector{*bundle}, "salt");
  BundleWatch::Parts parts;
  parts.models = models_;
  parts.metrics = &metrics_;
  BundleWatch watch(std::move(parts));
  watch.look();
  EXPECT_EQ(served(), name_of(path()));
}

TEST_F(BundleWatchTest, looks_by_itself) {
  serve(std::chrono::milliseconds(5));
  watch_->start();
  write(path(), 2);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (replaced_ == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(served(), name_of(path()));
  watch_.reset();
}

TEST_F(BundleWatchTest, a_bundle_takes_over_only_where_the_graph_makes_the_vectors_that_it_reads) {
  SmallTextEncoder().write(path("encoder"));
  const auto replace = [&](std::uint64_t seed) {
    write_random_bundle(path(), {"t1", "t2"}, {ItemId("i1"), ItemId("i2")}, seed, path("encoder"));
    look_twice();
  };
  const std::string old = served();
  replace(2);
  EXPECT_EQ(refusals(), 1);
  EXPECT_EQ(served(), old);
  write(path(), 1);
  serve(std::chrono::milliseconds(0), small_text_encoder()->name());
  replace(3);
  EXPECT_EQ(refusals(), 1);
  EXPECT_EQ(served(), name_of(path()));
  EXPECT_EQ(swaps(), 1);
}

}  // namespace
}  // namespace eddy

// Bundles that carry a text encoder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fakes/small_text_encoder.h"
#include "fakes/temporary_directory.h"
#include "model/bundle.h"
#include "model/bundle_writer.h"
#include "model/recommenders/popular.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class EncoderBundle : public testing::Test {
 protected:
  void SetUp() override {
    SmallTextEncoder().write(encoder_);
    fs::create_directories(encoder_ / "1_Pooling");
    std::ofstream(encoder_ / "1_Pooling" / "config.json") << R"({"pooling_mode_mean_tokens": true})";
    std::ofstream(encoder_ / "README.md") << "is not needed";
    const auto loaded = TextEncoder::load(encoder_);
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    contents_.kind = "popular";
    contents_.items = {ItemId("x"), ItemId("y")};
    contents_.tensors = popular_tensors(std::vector<float>{0.75F, 0.25F});
    contents_.encoder = encoder_;
    contents_.encoder_name = (*loaded)->name();
    const auto written = write_bundle(contents_, bundle_);
    ASSERT_TRUE(written) << to_string(written.error());
  }

  [[nodiscard]] std::string refusal() const {
    const auto loaded = load_bundle(bundle_);
    return loaded ? "loaded" : to_string(loaded.error());
  }

  const TemporaryDirectory directory_;
  const fs::path encoder_ = directory_.path() / "encoder", bundle_ = directory_.path() / "bundle";
  BundleContents contents_;
};

TEST_F(EncoderBundle, holds_a_copy_of_what_the_encoder_needs) {
  fs::remove_all(encoder_);
  const auto bundle = load_bundle(bundle_);
  ASSERT_TRUE(bundle) << to_string(bundle.error());
  EXPECT_EQ((*bundle)->encoder(), contents_.encoder_name);
  EXPECT_FALSE(fs::exists(bundle_ / "encoder" / "README.md"));
  const auto encoder = load_text_encoder(**bundle, bundle_);
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  EXPECT_EQ((*encoder)->name(), contents_.encoder_name);
}

TEST_F(EncoderBundle, is_refused_if_a_byte_of_the_encoder_changed) {
  for (const char* file : {"config.json", "vocab.txt", "model.safetensors", "1_Pooling/config.json"}) {
    std::ofstream(bundle_ / "encoder" / file, std::ios::app) << ' ';
    EXPECT_THAT(refusal(), HasSubstr(std::string("encoder/") + file + " is not the file that was written"));
    ASSERT_TRUE(write_bundle(contents_, bundle_));
    EXPECT_EQ(refusal(), "loaded");
  }
}

TEST_F(EncoderBundle, is_refused_if_a_file_of_the_encoder_is_missing_or_new) {
  fs::remove(bundle_ / "encoder" / "vocab.txt");
  EXPECT_THAT(refusal(), HasSubstr("there is no vocab.txt"));
  ASSERT_TRUE(write_bundle(contents_, bundle_));
  fs::remove_all(bundle_ / "encoder" / "1_Pooling");
  EXPECT_THAT(refusal(), HasSubstr("was changed"));
  ASSERT_TRUE(write_bundle(contents_, bundle_));
  std::ofstream(bundle_ / "encoder" / "modules.json") << "[]";
  EXPECT_THAT(refusal(), HasSubstr("modules.json is not the file that was written"));
}

TEST_F(EncoderBundle, is_not_written_with_an_encoder_that_changed_in_the_meantime) {
  std::ofstream(encoder_ / "vocab.txt", std::ios::app) << "new\n";
  const auto written = write_bundle(contents_, directory_.path() / "other");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("changed while the model was trained"));
  EXPECT_FALSE(fs::exists(directory_.path() / "other"));
}

TEST_F(EncoderBundle, without_one_needs_none) {
  contents_.encoder.clear();
  ASSERT_TRUE(write_bundle(contents_, bundle_));
  const auto bundle = load_bundle(bundle_);
  ASSERT_TRUE(bundle) << to_string(bundle.error());
  EXPECT_EQ((*bundle)->encoder(), "");
  EXPECT_FALSE(fs::exists(bundle_ / "encoder"));
  EXPECT_EQ(load_text_encoder(**bundle, bundle_).value(), nullptr);
}

}  // namespace
}  // namespace eddy

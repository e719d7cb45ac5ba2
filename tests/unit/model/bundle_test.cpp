#include "model/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>

#include "fakes/random_latent_feature.h"
#include "fakes/temporary_directory.h"
#include "model/bundle_files.h"
#include "model/bundle_writer.h"
#include "model/recommenders/popular.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

class BundleTest : public testing::Test {
 protected:
  static BundleContents latent_feature() {
    const RandomLatentFeature random(small_latent_feature_shape(), 31);
    BundleContents contents;
    contents.kind = "latent-feature";
    contents.tags = random.tags();
    contents.tags[0] = "odd \"tag\"\n with a line";
    contents.items = random.items();
    contents.tensors = to_tensors(random.weights());
    contents.options = to_json(random.weights().shape);
    contents.metrics = R"({"hr@3": 0.5})";
    return contents;
  }
  static BundleContents popular() {
    BundleContents contents;
    contents.kind = "popular";
    contents.items = {ItemId("x"), ItemId("y")};
    contents.tensors = popular_tensors(std::vector<float>{0.75F, 0.25F});
    return contents;
  }

  void write_ok(const BundleContents& contents) { ASSERT_TRUE(write_bundle(contents, path_).has_value()); }
  std::string refusal() {
    const auto loaded = load_bundle(path_);
    return loaded ? "loaded" : to_string(loaded.error());
  }

  const TemporaryDirectory directory_;
  const std::filesystem::path path_ = directory_.path() / "bundle";
};

TEST_F(BundleTest, comes_back_as_it_was_written) {
  const auto contents = latent_feature();
  write_ok(contents);
  const auto bundle = load_bundle(path_);
  ASSERT_TRUE(bundle.has_value()) << to_string(bundle.error());
  EXPECT_EQ((*bundle)->kind(), "latent-feature");
  EXPECT_THAT((*bundle)->model()->name, StartsWith("latent-feature@"));
  EXPECT_EQ((*bundle)->model()->items, contents.items);
  EXPECT_THAT((*bundle)->manifest(), HasSubstr("hr@3"));

  const auto direct = make_network_model("same", contents.tags, contents.items,
                                         RandomLatentFeature(small_latent_feature_shape(), 31).weights());
  const Facts nothing;
  const Facts* user = &nothing;
  std::vector<float> loaded_scores(contents.items.size());
  std::vector<float> direct_scores(contents.items.size());
  ASSERT_TRUE((*bundle)->make_recommender()->score({&user, 1}, loaded_scores.data()).has_value());
  ASSERT_TRUE((*direct)->make_recommender()->score({&user, 1}, direct_scores.data()).has_value());
  EXPECT_EQ(loaded_scores, direct_scores);
}

TEST_F(BundleTest, equal_contents_have_equal_names) {
  write_ok(popular());
  const auto first = load_bundle(path_).value()->model()->name;
  write_ok(popular());
  EXPECT_EQ(load_bundle(path_).value()->model()->name, first);
  auto other = popular();
  other.tensors = popular_tensors(std::vector<float>{0.5F, 0.5F});
  write_ok(other);
  EXPECT_NE(load_bundle(path_).value()->model()->name, first);
}

TEST_F(BundleTest, any_changed_byte_is_refused) {
  write_ok(popular());
  for (const char* name : {kManifestFile, kVocabularyFile, kCatalogueFile, kWeightsFile, kChecksumsFile}) {
    const std::string intact = read(path_ / name);
    ASSERT_FALSE(intact.empty());
    for (std::size_t i = 0; i < intact.size(); ++i) {
      std::string changed = intact;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      write(path_ / name, changed);
      ASSERT_THAT(refusal(), HasSubstr(kChecksumsFile)) << name << ", byte " << i;
    }
    write(path_ / name, intact + "\n");
    EXPECT_NE(refusal(), "loaded") << name << " with a line more";
    write(path_ / name, intact);
  }
  EXPECT_EQ(refusal(), "loaded");
}

TEST_F(BundleTest, a_missing_file_is_named) {
  write_ok(popular());
  std::filesystem::remove(path_ / kWeightsFile);
  EXPECT_THAT(refusal(), HasSubstr(kWeightsFile));
  EXPECT_THAT(to_string(load_bundle(directory_.path() / "nothing").error()), HasSubstr("nothing"));
}

TEST_F(BundleTest, an_unknown_kind_is_named) {
  auto contents = popular();
  contents.kind = "oracle";
  write_ok(contents);
  EXPECT_THAT(refusal(), HasSubstr("\"oracle\" is unknown; known are latent-feature, popular, "));
}

TEST_F(BundleTest, weights_that_do_not_fit_are_refused) {
  auto contents = latent_feature();
  contents.tensors.erase("head_bias");
  write_ok(contents);
  EXPECT_THAT(refusal(), HasSubstr("head_bias"));
  contents = latent_feature();
  contents.items.pop_back();
  write_ok(contents);
  EXPECT_THAT(refusal(), HasSubstr("7 items"));
  contents = latent_feature();
  std::get<std::vector<std::uint32_t>>(contents.tensors.at("term_buckets").values)[0] = 1U << 30U;
  write_ok(contents);
  EXPECT_THAT(refusal(), HasSubstr("term_buckets"));
}

TEST_F(BundleTest, a_weight_that_is_no_number_is_refused) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    auto contents = latent_feature();
    std::get<std::vector<float>>(contents.tensors.at("head_bias").values).back() = bad;
    write_ok(contents);
    EXPECT_THAT(refusal(), HasSubstr("the tensor head_bias holds"));
  }
}

TEST_F(BundleTest, is_replaced_whole_and_leaves_nothing_beside_it) {
  write_ok(popular());
  write_ok(latent_feature());
  EXPECT_EQ(load_bundle(path_).value()->kind(), "latent-feature");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1);
}

TEST_F(BundleTest, is_not_written_over_something_else) {
  std::filesystem::create_directory(path_);
  write(path_ / "letters.txt", "dear");
  const auto written = write_bundle(popular(), path_);
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().fault, Fault::kUser);
  EXPECT_EQ(read(path_ / "letters.txt"), "dear");
}

TEST(tensor_file, refuses_what_is_no_tensor_file) {
  const NamedTensors tensors = {{"a", {{2, 2}, std::vector<float>{1, 2, 3, 4}}},
                                {"b", {{1}, std::vector<std::uint32_t>{7}}}};
  const std::string bytes = encode_tensors(tensors);
  const auto back = decode_tensors(bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(std::get<std::vector<float>>(back->at("a").values), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(back->at("a").shape, (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(std::get<std::vector<std::uint32_t>>(back->at("b").values), std::vector<std::uint32_t>{7});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_tensors(std::string_view(bytes).substr(0, size)).has_value()) << size << " bytes";
  }
}

}  // namespace
}  // namespace eddy

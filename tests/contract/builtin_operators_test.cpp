#include "operators/builtin_operators.h"

#include <gtest/gtest.h>

#include "contract/operator_contract.h"
#include "fakes/small_text_encoder.h"
#include "fakes/temporary_directory.h"
#include "model/bundle_writer.h"
#include "model/recommenders/popular.h"

namespace eddy {
namespace {

/// A bundle that outlives all tests of the program.
std::string bundle_directory() {
  static const TemporaryDirectory kDirectory;
  static const std::string kBundle = [] {
    const std::vector<float> shares = {0.6F, 0.3F, 0.1F};
    BundleContents contents;
    contents.kind = "popular";
    contents.items = {ItemId("one"), ItemId("two"), ItemId("three")};
    contents.tensors = popular_tensors(shares);
    const std::string path = (kDirectory.path() / "bundle").string();
    const auto written = write_bundle(contents, path);
    return written ? path : "cannot write a bundle: " + written.error().message;
  }();
  return kBundle;
}

/// A text encoder that outlives all tests of the program.
std::string encoder_directory() {
  static const TemporaryDirectory kDirectory;
  static const bool kWritten = [] {
    SmallTextEncoder().write(kDirectory.path());
    return true;
  }();
  return kWritten ? kDirectory.path().string() : std::string();
}

std::vector<OperatorUnderTest> all_builtin_operators() {
  OperatorRegistry registry;
  if (!add_builtin_operators(registry)) return {};
  std::vector<OperatorUnderTest> tested;
  const std::vector<std::string> chain = {"decode", "redact", "encode", "fold", "refresh", "publish"};
  for (const std::string& name : registry.names()) {
    OperatorUnderTest one;
    one.name = name;
    one.make = [registry, name] { return registry.make(name); };
    const auto settings_of = [](const std::string& of) {
      if (of == "encode") return settings({{"encoder", encoder_directory()}});
      return of == "refresh" ? settings({{"bundle", bundle_directory()}}) : ParamNode{};
    };
    one.settings = settings_of(name);
    for (const std::string& before : chain) {
      if (before == name) break;
      one.before.emplace_back([registry, before, settings_of] {
        return make_operator(*registry.make(before), settings_of(before));
      });
    }
    tested.push_back(std::move(one));
  }
  return tested;
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, OperatorContract, testing::ValuesIn(all_builtin_operators()),
                         [](const auto& tested) { return tested.param.name; });

TEST(BuiltinOperators, are_these) {
  OperatorRegistry registry;
  ASSERT_TRUE(add_builtin_operators(registry));
  EXPECT_EQ(registry.names(),
            (std::vector<std::string>{"decode", "encode", "fold", "publish", "redact", "refresh"}));
}

TEST(BuiltinOperators, refresh_tells_of_a_bundle_that_is_not_there) {
  OperatorRegistry registry;
  ASSERT_TRUE(add_builtin_operators(registry));
  const auto made = make_operator(*registry.make("refresh"), settings({{"bundle", "/no/such/bundle"}}));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().fault, Fault::kUser);
  EXPECT_EQ(made.error().where, "test.yaml:1");
}

TEST(BuiltinOperators, encode_tells_of_an_encoder_that_is_not_there) {
  OperatorRegistry registry;
  ASSERT_TRUE(add_builtin_operators(registry));
  const auto made = make_operator(*registry.make("encode"), settings({{"encoder", "/no/such/encoder"}}));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().fault, Fault::kUser);
  EXPECT_EQ(made.error().where, "test.yaml:1");
}

}  // namespace
}  // namespace eddy

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/embedded_configurations.h"
#include "operators/builtin_operators.h"
#include "unit/config/loading.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The program's own operators need a bundle, which is the one thing that no preset can bring.
TEST(Presets, lack_nothing_but_a_bundle) {
  const std::vector<std::string> names = embedded_configuration_names();
  EXPECT_THAT(names, ElementsAre("default", "preset:marketing", "preset:replay", "preset:call-centre"));
  for (const std::string& name : names) {
    OperatorRegistry registry;
    ASSERT_TRUE(add_builtin_operators(registry));
    SettingsRequest request;
    request.file = name;
    request.surroundings = fake_surroundings({{"EDDY_BUNDLE", "no-such-bundle"}});
    const auto loaded = load_settings(request, registry);
    ASSERT_FALSE(loaded) << name;
    EXPECT_EQ(loaded.error().size(), 1U) << name << ": " << to_string(loaded.error().back());
    EXPECT_THAT(to_string(loaded.error().front()), HasSubstr("refresh")) << name;
  }
}

TEST(Presets, are_fine_where_the_bundle_is) {
  for (const std::string& name : embedded_configuration_names()) {
    const Result<std::string_view> text = embedded_configuration(name);
    ASSERT_TRUE(text);
    const auto fine = mistakes_of(std::string(*text));
    // The fake operators have fewer settings; nothing else may be wrong.
    for (const std::string& mistake : fine) EXPECT_THAT(mistake, HasSubstr("fake: ")) << name;
  }
}

}  // namespace
}  // namespace eddy

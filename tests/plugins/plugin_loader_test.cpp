#include "operators/plugin_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "fakes/shard_in_memory.h"
#include "fakes/temporary_directory.h"
#include "operators/decode/decode_operator.h"

namespace eddy {
namespace {

using testing::HasSubstr;

std::filesystem::path unfit(const std::string& name) {
  return std::filesystem::path(EDDY_UNFIT_PLUGINS) / (name + ".so");
}

std::string reason(const std::filesystem::path& path) {
  OperatorRegistry registry;
  EXPECT_TRUE(registry.add("decode", make_decode_factory));
  const auto loaded = load_plugin(path, registry);
  EXPECT_EQ(registry.names().size(), 1U) << "a refused plug-in leaves no trace";
  if (loaded) return "loaded";
  EXPECT_EQ(loaded.error().fault, Fault::kUser);
  EXPECT_EQ(loaded.error().where, path.string());
  return loaded.error().message;
}

TEST(PluginLoader, says_what_is_wrong_with_a_file) {
  EXPECT_EQ(reason("/no/such/plugin.so"), "plug-in: no such file");
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "text.so") << "not a shared object";
  EXPECT_THAT(reason(directory.path() / "text.so"), HasSubstr("cannot be loaded"));
  EXPECT_THAT(reason(unfit("no_plugin")), HasSubstr("no plug-in of Eddy"));
}

TEST(PluginLoader, refuses_other_versions_compilers_and_headers_before_calling_them) {
  EXPECT_THAT(reason(unfit("kVersion")),
              HasSubstr("built for version 3 of the plug-in interface, this Eddy has 2"));
  EXPECT_THAT(reason(unfit("kCompiler")), HasSubstr("built by gcc 4"));
  EXPECT_THAT(reason(unfit("kLayout")), HasSubstr("other headers"));
}

TEST(PluginLoader, refuses_taken_names_throwing_and_empty_plugins) {
  EXPECT_THAT(reason(unfit("kDuplicate")), HasSubstr("'decode', but that name is taken"));
  EXPECT_THAT(reason(unfit("kThrows")), HasSubstr("no licence found"));
  EXPECT_THAT(reason(unfit("kNothing")), HasSubstr("registers no operator"));
}

/// The example, as tests/plugins/build_example.cmake built it outside of the tree.
std::string example() {
  const char* path = std::getenv("EDDY_EXAMPLE_PLUGIN");
  return path ? path : "";
}

TEST(ExamplePlugin, drops_internal_users_and_tags_hours) {
  if (example().empty())
    GTEST_SKIP() << "EDDY_EXAMPLE_PLUGIN is not set; ctest builds the example and sets it";
  OperatorRegistry registry;
  const auto loaded = load_plugin(example(), registry);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const auto factory = registry.make("internal-traffic");
  ASSERT_TRUE(factory);
  ShardInMemory shard;
  ASSERT_TRUE(shard.append(make_operator(*make_decode_factory(), {})));
  ASSERT_TRUE(shard.append(make_operator(*factory, settings({{"tag_hours", "true"}}))));
  Batch batch = shard.batch({R"({"type":"action","user":"test-7","time":1,"tags":["a"]})",
                             R"({"type":"action","user":"u","time":"2026-03-01T14:30:00Z","tags":["a"]})"});
  ASSERT_TRUE(shard.run(batch));
  ASSERT_EQ(batch.items.size(), 1U);
  EXPECT_THAT(std::get<Action>(batch.items[0].event.body).tags, testing::ElementsAre("a", "hour:14"));
  OperatorRegistry second;
  ASSERT_TRUE(second.add("internal-traffic", make_decode_factory));
  EXPECT_FALSE(load_plugin(example(), second));
}

TEST(ExamplePlugin, its_mistakes_are_told_like_those_of_built_in_operators) {
  if (example().empty())
    GTEST_SKIP() << "EDDY_EXAMPLE_PLUGIN is not set; ctest builds the example and sets it";
  OperatorRegistry registry;
  ASSERT_TRUE(load_plugin(example(), registry));
  const auto made = make_operator(*registry.make("internal-traffic"), settings({{"prefix", "x"}}));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("prefixes"));
}

}  // namespace
}  // namespace eddy

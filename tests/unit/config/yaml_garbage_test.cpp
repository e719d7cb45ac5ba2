#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "config/plan.h"
#include "unit/config/loading.h"

// RapidCheck prints its seed when a property fails; RC_PARAMS="seed=…" repeats it.

namespace eddy {
namespace {

/// Pieces of YAML and of Eddy's own words, so that what they make is broken in depth and not at the first
/// byte.
rc::Gen<std::string> pieces() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(
                          rc::gen::oneOf(rc::gen::elementOf(std::vector<std::string>{"sources:",
                                                                                     "sinks:",
                                                                                     "operators:",
                                                                                     "state:",
                                                                                     "limits:",
                                                                                     "commit:",
                                                                                     "http:",
                                                                                     "log:",
                                                                                     "plugins:",
                                                                                     "kafka:",
                                                                                     "files:",
                                                                                     "paths:",
                                                                                     "topics:",
                                                                                     "decode",
                                                                                     "publish",
                                                                                     "properties:",
                                                                                     "\n",
                                                                                     "\n  ",
                                                                                     "\n- ",
                                                                                     "\n  - ",
                                                                                     "- ",
                                                                                     ": ",
                                                                                     "[",
                                                                                     "]",
                                                                                     "{",
                                                                                     "}",
                                                                                     ", ",
                                                                                     "&a ",
                                                                                     "*a",
                                                                                     "<<: ",
                                                                                     "!!int ",
                                                                                     "|\n",
                                                                                     ">\n",
                                                                                     "'",
                                                                                     "\"",
                                                                                     "#",
                                                                                     "---\n",
                                                                                     "...\n",
                                                                                     "? ",
                                                                                     "%YAML 1.2\n",
                                                                                     "${",
                                                                                     "}",
                                                                                     "${X}",
                                                                                     "${X:-",
                                                                                     "${file:/x}",
                                                                                     "$${",
                                                                                     "~",
                                                                                     "null",
                                                                                     "1",
                                                                                     "-1",
                                                                                     "64MiB",
                                                                                     "5s",
                                                                                     "99999999999999999999",
                                                                                     "\t",
                                                                                     "\r\n",
                                                                                     "\xEF\xBB\xBF",
                                                                                     "\xFF\xFE",
                                                                                     "\\u0000",
                                                                                     "@",
                                                                                     "`"}),
                                         rc::gen::arbitrary<std::string>())),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const std::string& part : parts) text += part;
                        return text;
                      });
}

RC_GTEST_PROP(YamlGarbage, is_refused_with_mistakes_and_never_throws, ()) {
  const std::string text = *pieces();
  const std::string tail = *rc::gen::element(std::string(), std::string(kLeast));
  const auto loaded = load(tail + text, {}, fake_surroundings({{"X", "x"}}));
  if (loaded) {
    RC_ASSERT(!plan_text(*loaded).empty());
  } else {
    RC_ASSERT(!loaded.error().empty());
    for (const Error& mistake : loaded.error()) RC_ASSERT(!mistake.message.empty());
  }
}

RC_GTEST_PROP(YamlGarbage, overrides_are_refused_too, ()) {
  const auto loaded = load(kLeast, {*pieces(), *pieces() + "=" + *pieces()}, fake_surroundings({{"X", "x"}}));
  if (!loaded) RC_ASSERT(!loaded.error().empty());
}

}  // namespace
}  // namespace eddy

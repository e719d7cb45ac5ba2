#include "config/embedded_configurations.h"

#include "config/named_node.h"
#include "operators/option_set.h"

namespace eddy {

/// Made at build time from eddy.yaml and presets/.
struct EmbeddedFile {
  const char* name;
  std::string_view text;
};
extern const EmbeddedFile kEmbeddedFiles[];
extern const std::size_t kEmbeddedFileCount;

Result<std::string_view> embedded_configuration(const std::string& name) {
  for (std::size_t i = 0; i < kEmbeddedFileCount; ++i) {
    if (name == kEmbeddedFiles[i].name) return kEmbeddedFiles[i].text;
  }
  const std::string nearest = nearest_name(name, embedded_configuration_names());
  return user_error("there is no configuration '" + name + "' in the program; " +
                    (nearest.empty() ? "there are " + joined(embedded_configuration_names())
                                     : "did you mean '" + nearest + "'?"));
}

std::vector<std::string> embedded_configuration_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kEmbeddedFileCount; ++i) names.emplace_back(kEmbeddedFiles[i].name);
  return names;
}

}  // namespace eddy

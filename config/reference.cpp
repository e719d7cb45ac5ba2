#include "config/reference.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "config/embedded_configurations.h"
#include "config/operator_chain.h"
#include "config/settings_sections.h"

namespace eddy {
namespace {

constexpr const char* kIntroduction =
    "# Configuration\n"
    "\n"
    "<!-- Made by `eddy check --reference > docs/configuration.md`; a test compares. -->\n"
    "\n"
    "A configuration is one YAML file. `eddy check FILE` names every mistake in it with its line, and `eddy "
    "check FILE "
    "--plan`\n"
    "says what it will do. `eddy check default --print` prints an annotated one to begin with.\n"
    "\n"
    "- **Precedence**: `--set path=value` over the file over the defaults below. A path is written\n"
    "  `commit.interval`, `sources.0.files.rate`, `operators.publish.top_k`; below `properties` the rest is "
    "one key.\n"
    "- **Durations** are written `100ms`, `5s`, `30min`, `1h`, `7d`; **sizes** `512KiB`, `64MiB`, `1GiB`, or "
    "bytes.\n"
    "- **From outside**: `${NAME}` is an environment variable, `${NAME:-value}` the same with a default,\n"
    "  `${file:/path}` a file's content, for secrets; `$${` is a plain `${`. Values from outside are never "
    "shown in a\n"
    "  message or plan.\n"
    "- **Unknown names** are mistakes.\n";

std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void add_table(const std::vector<OptionSet::Entry>& entries, std::string& page) {
  if (entries.empty()) {
    page += "\nIt takes no settings.\n";
    return;
  }
  page += "\n| setting | type | default | what it is |\n| --- | --- | --- | --- |\n";
  for (const OptionSet::Entry& entry : entries) {
    const std::string type = entry.type + (entry.bounds.empty() ? "" : ", " + entry.bounds);
    const std::string value = entry.is_required             ? "must be given"
                              : entry.default_value.empty() ? ""
                                                            : "`" + entry.default_value + "`";
    page += "| `" + entry.name + "` | " + cell(type) + " | " + cell(value) + " | " + cell(entry.sentence) +
            " |\n";
  }
}

}  // namespace

std::string reference_page(const OperatorRegistry& registry) {
  std::string page = kIntroduction;
  for (const SectionReference& section : section_references()) {
    page += "\n## " + (section.path.empty() ? std::string("The file") : "`" + section.path + "`") + "\n\n" +
            section.sentence + "\n";
    add_table(section.entries, page);
  }
  page += "\n## Operators\n\nA setting called `sink` names one of `sinks`.\n";
  // The chain's own order first, then the others by name.
  std::vector<std::string> names = default_chain();
  for (const std::string& name : registry.names()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const std::string& name : names) {
    const std::unique_ptr<OperatorFactory> factory = registry.make(name);
    if (factory == nullptr) continue;
    page += "\n### `" + name + "`\n\n" + factory->summary() + "\n";
    add_table(factory->options().entries(), page);
  }
  page +=
      "\n## Configurations in the program\n\n`eddy check NAME --print` prints one, `eddy run NAME` runs it:";
  for (const std::string& name : embedded_configuration_names()) {
    page += (name == embedded_configuration_names().front() ? " `" : ", `") + name + "`";
  }
  return page + ".\n";
}

}  // namespace eddy

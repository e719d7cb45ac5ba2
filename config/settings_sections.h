#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "operators/option_set.h"
#include "operators/params.h"

namespace eddy {

/// Reads everything but `operators` into `settings`. Appends mistakes; each section is read whatever the
/// others hold.
void read_sections(const ParamNode& root, Settings& settings, std::vector<Error>& mistakes);

/// One part of the configuration as documented.
struct SectionReference {
  std::string path;      ///< where it stands: "commit", "sources: - kafka"
  std::string sentence;  ///< what it is for
  std::vector<OptionSet::Entry> entries;
};

/// All sections in the order of the documentation, with their defaults; from the declarations that are read.
[[nodiscard]] std::vector<SectionReference> section_references();

}  // namespace eddy

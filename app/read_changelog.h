#pragma once

#include <string>

#include "base/result.h"
#include "pipeline/kafka/changelog_reader.h"

namespace eddy {

/// Hands over every record of the changelog within `range`, and shows its progress on the standard error
/// under `title`. Errors: those of `visit`; the changelog cannot be read, or nothing comes for a minute.
Result<void> read_changelog(const std::string& title, ChangelogReader& reader,
                            const ChangelogReader::Range& range, const ChangelogReader::Visit& visit);

}  // namespace eddy

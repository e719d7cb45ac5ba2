#pragma once

#include <string>
#include <vector>

#include "app/offsets/partition_offsets.h"

namespace eddy {

/// The partitions as a table for a person; "-" where nothing is known.
[[nodiscard]] std::string offsets_table(const std::vector<PartitionOffsets>& offsets);

/// The same as a JSON array of objects; null where nothing is known.
[[nodiscard]] std::string offsets_json(const std::vector<PartitionOffsets>& offsets);

}  // namespace eddy

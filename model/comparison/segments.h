#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/training/examples.h"

namespace eddy {

/// Some of the test events, by their places in the test part.
struct Segment {
  std::string name;
  std::vector<std::uint32_t> events;
  std::size_t users = 0;
};

/// The test events divided by one field: each is in one segment at most.
struct Segmentation {
  std::string field;
  std::string meaning;            ///< half a sentence, for reports
  std::vector<Segment> segments;  ///< the smallest first, by events, then by name; none is empty
};

/// A field that is computed from the examples.
struct BuiltInField {
  std::string_view name;
  std::string_view meaning;
  std::vector<std::string> (*values)(const ExampleSpans& examples);  ///< of the test; "": in no segment
};

/// rare-items, interactions, agreement: docs/compare.md tells what they are.
[[nodiscard]] std::span<const BuiltInField> built_in_fields();

/// Values of one field by user.
using UserField = std::unordered_map<UserId, std::string>;

/// Divides the test part by a built-in field.
[[nodiscard]] Segmentation segments_by(const BuiltInField& field, const ExampleSpans& examples);
/// Divides it by a field of the users; those who have none are "unknown".
[[nodiscard]] Segmentation segments_by(const std::string& name, const UserField& values,
                                       const ExampleSpans& examples);

}  // namespace eddy

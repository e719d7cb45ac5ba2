#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace eddy {

/// A dense row-major tensor of 32-bit floats or integers.
struct TensorData {
  std::vector<std::size_t> shape;
  std::variant<std::vector<float>, std::vector<std::uint32_t>> values;
};

using NamedTensors = std::map<std::string, TensorData>;

/// Adds the tensors of a part of a model, as "PART/NAME"; and takes them out again.
void add_part(std::string_view part, NamedTensors&& own, NamedTensors& tensors);
[[nodiscard]] NamedTensors take_part(std::string_view part, NamedTensors& tensors);

/// The tensors in the safetensors format:
///
///     file   := header size (8 bytes, little-endian) header data
///     header := JSON: name → {"dtype": "F32" | "U32", "shape": […], "data_offsets": [begin, end)}
///
/// Equal tensors give equal bytes.
[[nodiscard]] std::string encode_tensors(const NamedTensors& tensors);

/// Errors (user's): bytes that are no safetensors file, or a type other than F32 and U32.
Result<NamedTensors> decode_tensors(std::string_view bytes);

}  // namespace eddy

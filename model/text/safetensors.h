#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/text/mapped_file.h"

namespace eddy {

/// A file of named tensors, seen and not copied. (model/tensor_file.h writes those of bundles.)
///
///     file   := header size (8 bytes, little-endian) header data
///     header := JSON: name → {"dtype": "F32" | …, "shape": […], "data_offsets": [begin, end)};
///     "__metadata__"
///
/// Immutable.
class SafetensorsFile {
 public:
  /// Maps the file. Errors (user's), each naming file and tensor: it is cut, its header is no such JSON, a
  /// tensor lies outside of it or does not have the size of its shape.
  static Result<SafetensorsFile> open(const std::filesystem::path& path);
  /// The same of bytes that outlive this; `file` is for errors.
  static Result<SafetensorsFile> parse(std::string_view bytes, std::string file);

  [[nodiscard]] bool has(std::string_view tensor) const { return tensors_.contains(tensor); }
  /// A tensor's values as 32-bit floats, row-major. Errors (user's): it is not there, has another shape, or a
  /// type other than F32, F16 and BF16.
  [[nodiscard]] Result<std::vector<float>> floats(std::string_view tensor,
                                                  std::initializer_list<std::size_t> shape) const;

  /// A tensor as it stands there. Its bytes, of which a known type's are as many as its shape wants, live as
  /// long as the file, or as what was parsed.
  struct Tensor {
    std::string type;
    std::vector<std::size_t> shape;
    std::string_view bytes;
  };
  [[nodiscard]] const std::map<std::string, Tensor, std::less<>>& tensors() const { return tensors_; }

 private:
  SafetensorsFile() = default;
  Result<void> read_header(std::string_view bytes);

  std::string file_;
  std::optional<MappedFile> mapped_;
  std::map<std::string, Tensor, std::less<>> tensors_;  // their bytes are those of mapped_, or the caller's
};

}  // namespace eddy

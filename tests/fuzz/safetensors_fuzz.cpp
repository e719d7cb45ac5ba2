#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/text/safetensors.h"

/// libFuzzer: any bytes are a file of tensors, or one error that names the file; what is read has the size of
/// its shape.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto file = eddy::SafetensorsFile::parse(bytes, "fuzz");
  if (!file && (file.error().message.empty() || file.error().where != "fuzz")) std::abort();
  if (!file) return 0;
  if (const auto values = file->floats("a", {2, 2}); values && values->size() != 4) std::abort();
  if (const auto values = file->floats("b", {}); values && values->size() != 1) std::abort();
  return 0;
}

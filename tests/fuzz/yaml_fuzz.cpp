#include <cstddef>
#include <cstdint>
#include <string_view>

#include "config/yaml_document.h"

/// libFuzzer: any bytes are YAML, or an error; never a crash. Nothing is substituted, since the fuzzer would
/// read files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<eddy::Error> mistakes;
  const auto document = eddy::parse_yaml({reinterpret_cast<const char*>(data), size}, "fuzz.yaml", mistakes);
  if (!document && document.error().message.empty()) __builtin_trap();
  return 0;
}

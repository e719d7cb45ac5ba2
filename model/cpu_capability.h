#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eddy {

/// What instructions the products of matrices use; each kind needs those before it.
enum class CpuCapability : std::uint8_t {
  kDefault,  ///< those that all processors of this kind have
  kAvx2,     ///< with fused multiply and add
  kAvx512,
  kAmx,  ///< tiles of bfloat16
};

/// Whether this processor has it, and the system lets this process use it.
[[nodiscard]] bool has_cpu_capability(CpuCapability capability);

/// The best that it has.
[[nodiscard]] CpuCapability best_cpu_capability();

/// The best that it has, or what the environment's EDDY_CPU_CAPABILITY allows at most: default, avx2, avx512
/// or amx. Read once.
[[nodiscard]] CpuCapability cpu_capability();

/// A sentence to log if EDDY_CPU_CAPABILITY names nothing, or what is not there.
[[nodiscard]] std::optional<std::string> cpu_capability_warning();
/// The same where it is `wanted` on a processor whose best is `best`.
[[nodiscard]] std::optional<std::string> cpu_capability_warning(std::string_view wanted, CpuCapability best);

}  // namespace eddy

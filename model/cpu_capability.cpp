#include "model/cpu_capability.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string_view>

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace eddy {
namespace {

constexpr const char* kVariable = "EDDY_CPU_CAPABILITY";
constexpr std::array<std::string_view, 4> kNames = {"default", "avx2", "avx512", "amx"};

#if defined(__x86_64__)
/// Also what splits floats into bfloat16.
bool has_tiles() {
  if (!__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bf16")) return false;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  constexpr unsigned kAmxBf16 = 1U << 22U, kAmxTile = 1U << 24U;
  if ((d & kAmxBf16) == 0 || (d & kAmxTile) == 0) return false;
  // The registers are large, so Linux wants to be asked: Documentation/arch/x86/xstate.rst.
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}
#endif

/// Nothing: the name is none.
std::optional<CpuCapability> capability_of(std::string_view name) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<CpuCapability>(found - kNames.begin());
}

}  // namespace

CpuCapability best_cpu_capability() {
  static const CpuCapability kBest = [] {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return CpuCapability::kDefault;
    if (!__builtin_cpu_supports("avx512f")) return CpuCapability::kAvx2;
    return has_tiles() ? CpuCapability::kAmx : CpuCapability::kAvx512;
#else
    return CpuCapability::kDefault;
#endif
  }();
  return kBest;
}

bool has_cpu_capability(CpuCapability capability) {
  return capability <= best_cpu_capability();
}

CpuCapability cpu_capability() {
  static const CpuCapability kCapability = [] {
    const char* const text = std::getenv(kVariable);
    return std::min(best_cpu_capability(),
                    capability_of(text != nullptr ? text : "").value_or(best_cpu_capability()));
  }();
  return kCapability;
}

std::optional<std::string> cpu_capability_warning() {
  const char* const text = std::getenv(kVariable);
  if (text == nullptr) return std::nullopt;
  return cpu_capability_warning(text, best_cpu_capability());
}

std::optional<std::string> cpu_capability_warning(std::string_view wanted, CpuCapability best) {
  const auto capability = capability_of(wanted);
  if (capability && *capability <= best) return std::nullopt;
  std::string warning = kVariable;
  warning += " is '";
  warning += wanted;
  warning += capability ? "', which this processor has not; "
                        : "', which is none of default, avx2, avx512 and amx; ";
  warning += kNames[static_cast<std::size_t>(best)];
  warning += " is used";
  return warning;
}

}  // namespace eddy

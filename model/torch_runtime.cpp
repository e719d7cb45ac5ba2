#include "model/torch_runtime.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <system_error>

namespace eddy {

void use_one_torch_thread() {
  at::set_num_threads(1);
  // Present in OpenBLAS only, and not in the interface library that is linked.
  if (void* symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads"); symbol != nullptr) {
    reinterpret_cast<void (*)(int)>(symbol)(1);
  }
}

void seed_torch(std::uint64_t seed) {
  at::manual_seed(seed);
}

std::optional<std::string> blas_warning() {
  // Several may be loaded; what counts is whose products are called. Debian's alternatives are links, hence
  // canonical.
  for (const char* symbol : {"sgemm_", "cblas_sgemm"}) {
    Dl_info where{};
    void* address = dlsym(RTLD_DEFAULT, symbol);
    const bool found = address != nullptr && dladdr(address, &where) != 0 && where.dli_fname != nullptr;
    const std::string file = found ? where.dli_fname : "unknown";
    std::error_code unresolved;
    const auto target = std::filesystem::canonical(file, unresolved).string();
    if ((unresolved ? file : target).find("openblas") != std::string::npos) continue;
    return "the BLAS in use is " + (unresolved ? file : target) +
           ", not OpenBLAS: training will be many times slower; install libopenblas0-pthread, or choose it "
           "with "
           "update-alternatives --config libblas.so.3-x86_64-linux-gnu";
  }
  if (void* symbol = dlsym(RTLD_DEFAULT, "openblas_get_corename"); symbol != nullptr)
    return blas_kernels_warning(reinterpret_cast<const char* (*)()>(symbol)(), best_cpu_capability());
  return std::nullopt;
}

std::optional<std::string> blas_kernels_warning(std::string_view kernels, CpuCapability best) {
  if (best < CpuCapability::kAvx2) return std::nullopt;
  // Those of OpenBLAS 0.3 that have no AVX. An older one falls back to them on a processor that it does not
  // know.
  constexpr std::array<std::string_view, 16> kWithoutAvx = {
      "Katmai",  "Coppermine", "Northwood", "Prescott", "Banias",       "Core2",     "Penryn", "Dunnington",
      "Nehalem", "Athlon",     "Opteron",   "Atom",     "Opteron_SSE3", "Barcelona", "Bobcat", "Nano"};
  const auto is_kernels = [&](std::string_view name) {
    return std::equal(name.begin(), name.end(), kernels.begin(), kernels.end(), [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
  };
  if (std::none_of(kWithoutAvx.begin(), kWithoutAvx.end(), is_kernels)) return std::nullopt;
  std::string warning = "OpenBLAS takes this processor for an older one (";
  warning += kernels;
  warning += "): training will be slower; set OPENBLAS_CORETYPE=";
  warning += best < CpuCapability::kAvx512 ? "HASWELL" : "SKYLAKEX";
  return warning;
}

}  // namespace eddy

#include "model/torch_runtime.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>

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
           ", not OpenBLAS: refreshes will be many times slower; install libopenblas0-pthread, or choose it "
           "with "
           "update-alternatives --config libblas.so.3-x86_64-linux-gnu";
  }
  return std::nullopt;
}

}  // namespace eddy

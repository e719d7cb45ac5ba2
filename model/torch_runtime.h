#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/cpu_capability.h"

namespace eddy {

/// Limits ATen and the BLAS to one thread per calling thread: shards are what runs in parallel. Call once,
/// before the first model is used.
void use_one_torch_thread();

/// Seeds ATen's random numbers.
void seed_torch(std::uint64_t seed);

/// A sentence to log if training will be slow: the process runs on another BLAS than OpenBLAS, whose
/// reference version is some 25 times slower, or OpenBLAS does not know the processor. None if all is well.
/// Refreshes use products of our own (model/recommenders/matrix_product.h).
[[nodiscard]] std::optional<std::string> blas_warning();
/// The same for the kernels that OpenBLAS has chosen, by its name for them, on a processor that can do
/// `best`.
[[nodiscard]] std::optional<std::string> blas_kernels_warning(std::string_view kernels, CpuCapability best);

}  // namespace eddy

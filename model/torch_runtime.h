#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace eddy {

/// Limits ATen and the BLAS to one thread per calling thread: shards are what runs in parallel. Call once,
/// before the first model is used.
void use_one_torch_thread();

/// Seeds ATen's random numbers.
void seed_torch(std::uint64_t seed);

/// A sentence to log if the linear algebra will be slow: the process runs on another BLAS than OpenBLAS. The
/// reference BLAS makes a refresh some 25 times slower. None if all is well.
[[nodiscard]] std::optional<std::string> blas_warning();

}  // namespace eddy

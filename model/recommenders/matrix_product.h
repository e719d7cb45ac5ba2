#pragma once

#include <cstddef>

namespace eddy {

/// c[rows × out] = a[rows × in] · b[in × out], row-major without gaps, by the system's BLAS. `rows` may be 0.
void multiply(std::size_t rows, std::size_t in, std::size_t out, const float* a, const float* b, float* c);

}  // namespace eddy

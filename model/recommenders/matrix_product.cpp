#include "model/recommenders/matrix_product.h"

#include <cblas.h>

namespace eddy {

void multiply(std::size_t rows, std::size_t in, std::size_t out, const float* a, const float* b, float* c) {
  if (rows == 0 || out == 0) return;
  const int m = static_cast<int>(rows);
  const int n = static_cast<int>(out);
  const int k = static_cast<int>(in);
  if (m == 1) {  // sgemm would first copy all of b into blocks
    cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1.0F, b, n, a, 1, 0.0F, c, 1);
    return;
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0F, a, k, b, n, 0.0F, c, n);
}

}  // namespace eddy

#include "model/features/carried_embedding.h"

#include <algorithm>

#include "base/fixed_point.h"

namespace eddy {

std::uint64_t carried_sum(const CallFacts& call, std::string_view encoder, std::span<float> sum) {
  std::fill(sum.begin(), sum.end(), 0.0F);
  if (!call.embedding || call.embedding->encoder != encoder || call.embedding->sum.size() != sum.size())
    return 0;
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] = static_cast<float>(from_fixed_point(call.embedding->sum[i]));
  return call.embedding->seqs.size();
}

}  // namespace eddy

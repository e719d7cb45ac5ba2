#include "state/profile/profile.h"

namespace eddy {

std::size_t Profile::memory_bytes() const {
  std::size_t bytes = sizeof(Profile) - sizeof(Facts) + eddy::memory_bytes(facts);
  if (cache) bytes += cache->memory_bytes();
  if (last_output)
    bytes += sizeof(LastOutput) + last_output->ranked.capacity() * sizeof(last_output->ranked[0]);
  return bytes;
}

}  // namespace eddy

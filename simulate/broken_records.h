#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "simulate/random.h"
#include "simulate/record_writer.h"

namespace eddy {

/// A record that Eddy must refuse.
struct BrokenRecord {
  InputChannel channel = InputChannel::kWeb;
  std::string key;  ///< the user, except where a wrong key is what is wrong
  std::string record;
};

/// The ways in which a record can be broken, from 0 to broken_kinds() − 1. The last is a key that is not the
/// user: it is broken only where records have keys.
[[nodiscard]] std::size_t broken_kinds();
/// In words, for summaries.
[[nodiscard]] std::string_view broken_kind_name(std::size_t kind);
[[nodiscard]] BrokenRecord make_broken_record(std::size_t kind, Random& random);

}  // namespace eddy

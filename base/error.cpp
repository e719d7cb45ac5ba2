#include "base/error.h"

#include <utility>

namespace eddy {

Error user_error(std::string message, std::string where) {
  return {Fault::kUser, Remedy::kStop, std::move(message), std::move(where)};
}

Error external_error(std::string message, std::string where, Remedy remedy) {
  return {Fault::kExternal, remedy, std::move(message), std::move(where)};
}

Error internal_error(std::string message, std::string where) {
  return {Fault::kInternal, Remedy::kStop, std::move(message), std::move(where)};
}

std::string to_string(const Error& error) {
  return error.where.empty() ? error.message : error.where + ": " + error.message;
}

std::string_view to_string(Fault fault) noexcept {
  switch (fault) {
    case Fault::kUser:
      return "user";
    case Fault::kExternal:
      return "external";
    case Fault::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace eddy

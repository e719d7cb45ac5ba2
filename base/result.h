#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "base/error.h"

namespace eddy {

/// A value or an Error; reading it is not optional.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(tl::expected<T, Error> other)
      : tl::expected<T, Error>(std::move(other)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)
};

/// Says aloud that a failure here has no consequence, and why; `git grep ignore_error` finds them all.
template <class T>
void ignore_error(const Result<T>& /*result*/, const char* /*why*/) {}

}  // namespace eddy

/// Returns the error of `expression` from the enclosing function, which returns a Result.
#define EDDY_TRY(expression)                                                         \
  do {                                                                               \
    if (auto eddy_try = (expression); !eddy_try) return std::move(eddy_try).error(); \
  } while (false)

#define EDDY_CONCAT_INNER(a, b) a##b
#define EDDY_CONCAT(a, b) EDDY_CONCAT_INNER(a, b)

/// `EDDY_ASSIGN(auto value, make());`: the value, or return the error.
#define EDDY_ASSIGN(declaration, expression) \
  EDDY_ASSIGN_INNER(EDDY_CONCAT(eddy_result_, __LINE__), declaration, expression)
#define EDDY_ASSIGN_INNER(result, declaration, expression) \
  auto result = (expression);                              \
  if (!(result)) return std::move(result).error();         \
  declaration = std::move(result).value()

#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

namespace eddy {

/// A value of type T that converts into no other tagged value: UserId and ItemId hold the same bytes, but
/// passing one for the other does not compile.
template <class Tag, class T>
class StrongType {
 public:
  using value_type = T;

  StrongType() = default;
  explicit StrongType(T value) noexcept(std::is_nothrow_move_constructible_v<T>) : value_(std::move(value)) {}

  [[nodiscard]] const T& value() const& noexcept { return value_; }
  [[nodiscard]] T&& value() && noexcept { return std::move(value_); }
  /// The value in place, for decoders that fill it without a copy.
  [[nodiscard]] T& mutable_value() noexcept { return value_; }

  friend bool operator==(const StrongType&, const StrongType&) = default;
  friend auto operator<=>(const StrongType&, const StrongType&) = default;

 private:
  T value_{};
};

}  // namespace eddy

template <class Tag, class T>
struct std::hash<eddy::StrongType<Tag, T>> {
  std::size_t operator()(const eddy::StrongType<Tag, T>& tagged) const noexcept {
    return std::hash<T>{}(tagged.value());
  }
};

#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace eddy {

/// A sorted set of short strings in one buffer: each element is its length as a base-128 varint, then its
/// bytes. Small sets need no allocation. Equal sets have equal bytes.
class TagSet {
 public:
  /// Adds one element; false if it was there already.
  bool insert(std::string_view element);
  /// Adds all of `other`; false if nothing was new.
  bool merge(const TagSet& other);
  [[nodiscard]] bool contains(std::string_view element) const;
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const std::string_view*;
    using reference = std::string_view;

    Iterator() = default;
    explicit Iterator(std::string_view rest);
    std::string_view operator*() const { return element_; }
    Iterator& operator++();
    Iterator operator++(int);
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.element_.data() == b.element_.data();
    }

   private:
    void read();
    std::string_view rest_;     // after the current element
    std::string_view element_;  // data() is null at the end
  };
  /// In ascending order; invalidated by any change.
  [[nodiscard]] Iterator begin() const { return Iterator(bytes_); }
  [[nodiscard]] Iterator end() const { return Iterator(); }

  friend bool operator==(const TagSet&, const TagSet&) = default;
  friend auto operator<=>(const TagSet&, const TagSet&) = default;

 private:
  std::string bytes_;
};

}  // namespace eddy

#include "state/profile/tag_set.h"

#include <cstdint>

namespace eddy {
namespace {

void append_element(std::string& out, std::string_view element) {
  std::size_t length = element.size();
  while (length >= 0x80) {
    out.push_back(static_cast<char>((length & 0x7FU) | 0x80U));
    length >>= 7U;
  }
  out.push_back(static_cast<char>(length));
  out.append(element);
}

}  // namespace

TagSet::Iterator::Iterator(std::string_view rest) : rest_(rest) {
  read();
}

void TagSet::Iterator::read() {
  if (rest_.empty()) {
    element_ = {};
    return;
  }
  std::size_t length = 0;
  std::size_t at = 0;
  unsigned shift = 0;
  std::uint8_t byte = 0;
  do {
    byte = static_cast<std::uint8_t>(rest_[at++]);
    length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
    shift += 7;
  } while ((byte & 0x80U) != 0);
  element_ = std::string_view(rest_.data() + at, length);
  rest_.remove_prefix(at + length);
}

TagSet::Iterator& TagSet::Iterator::operator++() {
  read();
  return *this;
}

TagSet::Iterator TagSet::Iterator::operator++(int) {
  const Iterator before = *this;
  read();
  return before;
}

bool TagSet::insert(std::string_view element) {
  std::size_t at = 0;  // where the first element that is not smaller begins
  for (auto it = begin(); it != end(); ++it) {
    const int order = (*it).compare(element);
    if (order == 0) return false;
    if (order > 0) break;
    at = static_cast<std::size_t>((*it).data() + (*it).size() - bytes_.data());
  }
  if (at == bytes_.size()) {
    append_element(bytes_, element);
  } else {
    std::string encoded;
    append_element(encoded, element);
    bytes_.insert(at, encoded);
  }
  return true;
}

bool TagSet::merge(const TagSet& other) {
  if (bytes_.empty()) {
    bytes_ = other.bytes_;
    return !bytes_.empty();
  }
  bool changed = false;
  for (const std::string_view element : other) changed |= insert(element);
  return changed;
}

bool TagSet::contains(std::string_view element) const {
  for (const std::string_view present : *this) {
    if (present == element) return true;
  }
  return false;
}

std::size_t TagSet::size() const {
  std::size_t count = 0;
  for (auto it = begin(); it != end(); ++it) ++count;
  return count;
}

}  // namespace eddy

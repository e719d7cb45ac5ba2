#include "config/secrets.h"

#include <algorithm>

namespace eddy {

void Secrets::collect(const ParamNode& node) {
  if (node.written && node.scalar() != nullptr && !node.scalar()->empty()) {
    secrets_.push_back({*node.scalar(), *node.written});
    std::stable_sort(secrets_.begin(), secrets_.end(),
                     [](const Secret& a, const Secret& b) { return a.value.size() > b.value.size(); });
  }
  if (node.list() != nullptr) {
    for (const ParamNode& element : *node.list()) collect(element);
  } else if (node.map() != nullptr) {
    for (const auto& [key, child] : *node.map()) collect(child);
  }
}

std::string Secrets::shown(const std::string& value) const {
  for (const Secret& secret : secrets_) {
    if (secret.value == value) return secret.written;
  }
  return value;
}

std::string Secrets::concealed(std::string message) const {
  constexpr std::size_t kShortestReplaced = 4;
  for (const Secret& secret : secrets_) {
    if (secret.value.size() < kShortestReplaced) continue;
    for (std::size_t at = message.find(secret.value); at != std::string::npos;
         at = message.find(secret.value, at + secret.written.size())) {
      message.replace(at, secret.value.size(), secret.written);
    }
  }
  return message;
}

}  // namespace eddy

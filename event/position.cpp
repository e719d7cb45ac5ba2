#include "event/position.h"

#include <set>

#include "base/annotated_mutex.h"

namespace eddy {

const std::string* TopicName::empty() {
  static const std::string name;
  return &name;
}

TopicName::TopicName(std::string_view name) {
  static Mutex mutex;
  static std::set<std::string, std::less<>> names;
  const MutexLock lock(mutex);
  auto found = names.find(name);
  if (found == names.end()) found = names.emplace(name).first;
  name_ = &*found;
}

}  // namespace eddy

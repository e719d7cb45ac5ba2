#include "architecture/include_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace eddy {
namespace {

constexpr std::array<std::string_view, 10> kRooms = {"base",     "event",  "state",  "model",    "operators",
                                                     "pipeline", "config", "import", "simulate", "app"};

/// Rooms that a room may include from, besides itself.
const std::map<std::string, std::set<std::string>, std::less<>>& allowed_rooms() {
  static const std::map<std::string, std::set<std::string>, std::less<>> kAllowed = {
      {"base", {}},
      {"event", {"base"}},
      {"state", {"event", "base"}},
      {"model", {"state", "event", "base"}},
      {"operators", {"state", "event", "base"}},
      {"pipeline", {"operators", "state", "event", "base"}},
      {"config", {"pipeline", "operators", "state", "event", "base"}},
      {"import", {"pipeline", "event", "base"}},
      {"simulate", {"import", "state", "event", "base"}},
  };
  return kAllowed;
}

bool is_built_in(std::string_view room) {
  return room.starts_with("operators/");
}

/// A third-party library, the start of its headers' names, and the folder or file that may see them.
struct ThirdParty {
  std::string_view prefix;
  std::string_view room;
};

constexpr std::array<ThirdParty, 17> kThirdParty = {{
    {"rocksdb/", "state/store/"},
    {"torch/", "model/"},
    {"ATen/", "model/"},
    {"c10/", "model/"},
    {"cblas.h", "model/"},
    {"utf8proc.h", "model/text/"},
    {"tbb/", "pipeline/graph/"},
    {"oneapi/", "pipeline/graph/"},
    {"librdkafka/", "pipeline/kafka/"},
    {"yaml-cpp/", "config/"},
    {"prometheus/", "base/metric.cpp"},
    {"boost/intrusive/", "state/store/"},
    {"boost/", "app/http/"},  // the first that fits counts
    {"CLI/", "app/"},
    {"google/protobuf/", "state/"},
    {"simdjson", ""},
    {"spdlog/", ""},
}};

const ThirdParty* third_party(std::string_view target) {
  const auto* found = std::find_if(kThirdParty.begin(), kThirdParty.end(),
                                   [&](const ThirdParty& one) { return target.starts_with(one.prefix); });
  return found == kThirdParty.end() ? nullptr : found;
}

/// Generated headers have no file in the tree; they belong to the folder that they are named in.
bool is_generated(std::string_view path) {
  return path.ends_with(".pb.h");
}

std::string place(const SourceFile& file, const Include& include) {
  return file.path + ":" + std::to_string(include.line) + " includes " + include.target;
}

}  // namespace

std::string room_of(std::string_view path) {
  const auto slash = path.find('/');
  const std::string_view top = path.substr(0, slash);
  if (slash == std::string_view::npos || std::find(kRooms.begin(), kRooms.end(), top) == kRooms.end())
    return {};
  if (top != "operators") return std::string(top);
  const auto second = path.find('/', slash + 1);
  return std::string(path.substr(0, second == std::string_view::npos ? slash : second));
}

bool may_include(std::string_view from, std::string_view to) {
  const std::string user = room_of(from), used = room_of(to);
  if (user.empty() || used.empty()) return false;
  if (user == used || user == "app") return true;
  if (is_built_in(user)) {
    // Vectors and scores are two operators' work; the others read what these left in events and profiles.
    if (used == "model") return user == "operators/refresh" || user == "operators/encode";
    return used == "operators" || allowed_rooms().at("operators").contains(used);
  }
  // The one visible list of the built-in operators.
  if (from.starts_with("operators/builtin_operators.") && is_built_in(used)) return true;
  if (user == "config" && used == "model") return to.ends_with("_options.h");
  return allowed_rooms().at(user).contains(used);
}

std::vector<std::string> wrong_includes(const SourceTree& tree) {
  std::vector<std::string> wrong;
  for (const auto& [path, file] : tree) {
    if (!file.is_cpp() || room_of(path).empty()) continue;
    for (const Include& include : includes_of(file.text)) {
      if (!include.is_ours) continue;
      if (!tree.contains(include.target) && !is_generated(include.target)) {
        wrong.push_back(place(file, include) + ", which is no file seen from the top of the tree");
      } else if (!may_include(path, include.target)) {
        wrong.push_back(place(file, include) + ", which points the wrong way");
      }
    }
  }
  return wrong;
}

std::vector<std::string> strayed_third_party_includes(const SourceTree& tree) {
  std::vector<std::string> strayed;
  std::map<std::string, std::string> carriers;  // header → the third-party header that it includes
  for (const auto& [path, file] : tree) {
    if (!file.is_cpp() || room_of(path).empty()) continue;
    for (const Include& include : includes_of(file.text)) {
      const ThirdParty* library = include.is_ours ? nullptr : third_party(include.target);
      if (library == nullptr) continue;
      if (!std::string_view(path).starts_with(library->room)) {
        strayed.push_back(place(file, include) + ", which only " + std::string(library->room) + " may");
      }
      if (file.is_header()) carriers.emplace(path, include.target);
    }
  }
  for (const auto& [path, file] : tree) {
    if (!file.is_cpp() || room_of(path).empty()) continue;
    for (const Include& include : includes_of(file.text)) {
      const auto carrier = carriers.find(include.target);
      if (!include.is_ours || carrier == carriers.end() || file.folder() == tree.at(carrier->first).folder())
        continue;
      // Inside the room of the library its headers may cross folders; they may not leave it.
      const std::string_view room = third_party(carrier->second)->room;
      if (!room.empty() && std::string_view(path).starts_with(room)) continue;
      strayed.push_back(place(file, include) + ", which brings " + carrier->second + " out of its room");
    }
  }
  return strayed;
}

}  // namespace eddy

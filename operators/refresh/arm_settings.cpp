#include "operators/refresh/arm_settings.h"

#include <algorithm>
#include <cmath>

#include "operators/option_set.h"

namespace eddy {
namespace {

constexpr std::size_t kMostArms = 16;
// Three shares of .3333 are meant as thirds; beyond that somebody has forgotten something.
constexpr double kShareTolerance = 0.001;

/// Appends what one element of the list says; its mistakes instead, if it has any.
void read_arm(const ParamNode& node, std::vector<Arm>& arms, std::vector<Error>& mistakes) {
  if (node.map() == nullptr) {
    mistakes.push_back(
        user_error("refresh: an element of bundles is written {name: …, path: …, share: …}", node.where));
    return;
  }
  Arm arm;
  arm.name.clear();
  arm.share = 0;
  std::string path;
  OptionSet options("refresh: bundles");
  options.add("name", &arm.name, "The arm's name in metrics.").required();
  options.add("path", &path, "Directory of its bundle.").required();
  options.add("share", &arm.share, 0.0, 1.0, "Its share of the users.").required();
  const std::size_t before = mistakes.size();
  options.read(node, mistakes);
  if (mistakes.size() > before) return;
  arm.path = path;
  if (arm.name.empty() || path.empty() || arm.share <= 0) {
    mistakes.push_back(user_error("refresh: a bundle needs a name, a path and a share above 0", node.where));
    return;
  }
  const auto has_its_name = [&](const Arm& other) { return other.name == arm.name; };
  if (std::any_of(arms.begin(), arms.end(), has_its_name)) {
    mistakes.push_back(user_error("refresh: two bundles are named '" + arm.name + "'", node.where));
    return;
  }
  arms.push_back(std::move(arm));
}

}  // namespace

std::vector<Arm> read_arms(const std::string& bundle, const ParamNode& settings,
                           std::vector<Error>& mistakes) {
  const ParamNode* const list = settings.find("bundles");
  const bool has_list = list != nullptr && !list->is_null();
  if (has_list == !bundle.empty()) {
    mistakes.push_back(user_error(has_list ? "refresh: give bundle or bundles, not both"
                                           : "refresh: 'bundle' must be given (or the list 'bundles')",
                                  settings.where));
    return {};
  }
  if (!has_list) return {Arm{"default", bundle, 1}};
  if (list->list() == nullptr || list->list()->empty() || list->list()->size() > kMostArms) {
    mistakes.push_back(user_error(
        "refresh: bundles wants a list of 1 to " + std::to_string(kMostArms) + " bundles", list->where));
    return {};
  }
  std::vector<Arm> arms;
  const std::size_t before = mistakes.size();
  for (const ParamNode& node : *list->list()) read_arm(node, arms, mistakes);
  if (mistakes.size() > before) return {};
  double sum = 0;
  for (const Arm& arm : arms) sum += arm.share;
  if (std::abs(sum - 1) > kShareTolerance) {
    mistakes.push_back(user_error(
        "refresh: the shares of bundles sum up to " + std::to_string(sum) + "; make it 1", list->where));
    return {};
  }
  return arms;
}

}  // namespace eddy

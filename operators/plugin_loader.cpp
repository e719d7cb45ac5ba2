#include "operators/plugin_loader.h"

#include <dlfcn.h>

#include <cstring>
#include <exception>
#include <string>
#include <utility>

#include "operators/plugin.h"

namespace eddy {
namespace {

using BuildFunction = const PluginBuild* (*)();
using RegisterFunction = int (*)(OperatorRegistry*, Error*);

Error refusal(const std::filesystem::path& path, const std::string& what) {
  return user_error("plug-in: " + what, path.string());
}

Result<void> check(const std::filesystem::path& path, const PluginBuild& theirs) {
  const PluginBuild& ours = plugin_detail::kBuild;
  if (theirs.size != ours.size || theirs.abi_version != ours.abi_version) {
    return refusal(path, "built for version " + std::to_string(theirs.abi_version) +
                             " of the plug-in interface, this Eddy has " + std::to_string(ours.abi_version) +
                             "; build it again with this Eddy's headers");
  }
  if (std::strcmp(theirs.compiler, ours.compiler) != 0) {
    return refusal(path, std::string("built by ") + theirs.compiler + ", this Eddy by " + ours.compiler +
                             "; both need the same compiler");
  }
  if (theirs.layout != ours.layout) {
    return refusal(path, "built with other headers than this Eddy; build it again with these");
  }
  return {};
}

/// Names of `plugin` that `registry` has too, for one clear line.
Result<void> check_names(const std::filesystem::path& path, const OperatorRegistry& plugin,
                         const OperatorRegistry& registry) {
  if (plugin.names().empty()) return refusal(path, "registers no operator");
  for (const std::string& name : plugin.names()) {
    if (registry.make(name))
      return refusal(path, "registers an operator '" + name + "', but that name is taken");
  }
  return {};
}

}  // namespace

Result<void> load_plugin(const std::filesystem::path& path, OperatorRegistry& registry) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) return refusal(path, "no such file");
  // An absolute path: otherwise dlopen would look for a bare name in the system's folders.
  void* const library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return refusal(path, std::string("cannot be loaded: ") + dlerror());
  const auto build = reinterpret_cast<BuildFunction>(dlsym(library, "eddy_plugin_build"));
  const auto enter = reinterpret_cast<RegisterFunction>(dlsym(library, "eddy_plugin_register"));
  if (!build || !enter) return refusal(path, "no plug-in of Eddy: it lacks EDDY_PLUGIN(registry) { … }");
  EDDY_TRY(check(path, *build()));
  // A registry of its own first, so that a plug-in that fails half-way leaves no trace. Kept as long as the
  // process, like the library: the factories that are made from it may refer to it.
  auto own = std::make_shared<OperatorRegistry>();
  Error error;
  try {
    if (enter(own.get(), &error) != 0) return refusal(path, to_string(error));
  } catch (const std::exception& exception) {
    return refusal(path, std::string("threw while registering: ") + exception.what());
  }
  EDDY_TRY(check_names(path, *own, registry));
  for (const std::string& name : own->names()) {
    EDDY_TRY(registry.add(name, [own, name] { return own->make(name); }));
  }
  return {};
}

}  // namespace eddy

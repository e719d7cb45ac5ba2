#pragma once

#include <cstdint>

#include "event/batch.h"
#include "operators/operator_registry.h"
#include "state/profile/profile.h"

/// The door for operators of one's own: a shared object that defines
///
///     EDDY_PLUGIN(registry) { return registry.add("internal-traffic", make_internal_traffic_factory); }
///
/// at namespace scope, built with Eddy's headers by Eddy's compiler, and named in the graph's `plugins`. The
/// host first reads plain C data (eddy_plugin_build), and calls C++ only when that fits. The shared object
/// stays loaded for ever.
namespace eddy {

/// Raised with every change of what plug-ins see: operators/*.h, event/*.h, state/profile/*.h, base/*.h.
inline constexpr std::uint32_t kPluginAbiVersion = 2;

/// What a plug-in was built with; both sides fill it from the same headers.
struct PluginBuild {
  std::uint32_t size;         ///< of this struct
  std::uint32_t abi_version;  ///< kPluginAbiVersion
  const char* compiler;       ///< name and major version, and the ABI of its standard library
  std::uint64_t layout;  ///< from the sizes of the types that cross the door; catches a forgotten version
};

namespace plugin_detail {

#define EDDY_PLUGIN_TEXT_INNER(x) #x
#define EDDY_PLUGIN_TEXT(x) EDDY_PLUGIN_TEXT_INNER(x)
#if defined(__clang__)
#define EDDY_PLUGIN_COMPILER "clang " EDDY_PLUGIN_TEXT(__clang_major__)
#elif defined(__GNUC__)
#define EDDY_PLUGIN_COMPILER "gcc " EDDY_PLUGIN_TEXT(__GNUC__)
#else
#define EDDY_PLUGIN_COMPILER "an unknown compiler"
#endif
#if defined(_GLIBCXX_USE_CXX11_ABI)
#define EDDY_PLUGIN_LIBRARY ", libstdc++ with C++11 ABI " EDDY_PLUGIN_TEXT(_GLIBCXX_USE_CXX11_ABI)
#else
#define EDDY_PLUGIN_LIBRARY ", another standard library"
#endif
#if defined(_GLIBCXX_DEBUG)
#define EDDY_PLUGIN_MODE ", debug mode"
#else
#define EDDY_PLUGIN_MODE ""
#endif

constexpr std::uint64_t layout() {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const std::uint64_t size :
       {sizeof(Event), sizeof(Item), sizeof(Batch), sizeof(Recommendation), sizeof(OperatorContext),
        sizeof(OperatorRegistry), sizeof(OptionSet), sizeof(ParamNode), sizeof(Error), sizeof(Output),
        sizeof(Trigger), sizeof(Profile)}) {
    hash = (hash ^ size) * 1099511628211ULL;
  }
  return hash;
}

inline constexpr PluginBuild kBuild = {sizeof(PluginBuild), kPluginAbiVersion,
                                       EDDY_PLUGIN_COMPILER EDDY_PLUGIN_LIBRARY EDDY_PLUGIN_MODE, layout()};

}  // namespace plugin_detail
}  // namespace eddy

#define EDDY_PLUGIN(registry)                                                                        \
  static ::eddy::Result<void> eddy_plugin_add(::eddy::OperatorRegistry&);                            \
  extern "C" __attribute__((visibility("default"))) const ::eddy::PluginBuild* eddy_plugin_build() { \
    return &::eddy::plugin_detail::kBuild;                                                           \
  }                                                                                                  \
  extern "C" __attribute__((visibility("default"))) int eddy_plugin_register(                        \
      ::eddy::OperatorRegistry* eddy_registry, ::eddy::Error* eddy_error) {                          \
    auto eddy_result = eddy_plugin_add(*eddy_registry);                                              \
    if (!eddy_result) *eddy_error = eddy_result.error();                                             \
    return eddy_result ? 0 : 1;                                                                      \
  }                                                                                                  \
  static ::eddy::Result<void> eddy_plugin_add(::eddy::OperatorRegistry& registry)

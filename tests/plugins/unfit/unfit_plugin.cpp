// Plug-ins that must be refused; UNFIT says what is wrong with this one.
#include <cstdlib>
#include <stdexcept>

#include "operators/plugin.h"

namespace {

using eddy::PluginBuild;

constexpr PluginBuild kOurs = eddy::plugin_detail::kBuild;
constexpr PluginBuild kVersion = {kOurs.size, kOurs.abi_version + 1, kOurs.compiler, kOurs.layout};
constexpr PluginBuild kCompiler = {kOurs.size, kOurs.abi_version, "gcc 4, an old library", kOurs.layout};
constexpr PluginBuild kLayout = {kOurs.size, kOurs.abi_version, kOurs.compiler, kOurs.layout + 1};

class Factory final : public eddy::OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override { return "Never made."; }
  eddy::OptionSet options() override { return eddy::OptionSet("unfit"); }
  void prepare(const eddy::ParamNode& /*node*/, std::vector<eddy::Error>& /*mistakes*/) override {}
  eddy::Result<std::unique_ptr<eddy::Operator>> create(eddy::ShardId /*shard*/) override {
    return eddy::internal_error("never made");
  }
};

}  // namespace

enum class Unfit { kVersion, kCompiler, kLayout, kDuplicate, kThrows, kNothing };

extern "C" const PluginBuild* eddy_plugin_build() {
  switch (Unfit::UNFIT) {
    case Unfit::kVersion:
      return &kVersion;
    case Unfit::kCompiler:
      return &kCompiler;
    case Unfit::kLayout:
      return &kLayout;
    default:
      return &kOurs;
  }
}

extern "C" int eddy_plugin_register(eddy::OperatorRegistry* registry, eddy::Error* error) {
  switch (Unfit::UNFIT) {
    case Unfit::kDuplicate: {
      auto added = registry->add("fresh", [] { return std::make_unique<Factory>(); });
      if (added) added = registry->add("decode", [] { return std::make_unique<Factory>(); });
      if (!added) *error = added.error();
      return added ? 0 : 1;
    }
    case Unfit::kThrows:
      throw std::runtime_error("no licence found");
    case Unfit::kNothing:
      return 0;
    default:
      std::abort();  // must not be called: the build does not fit
  }
}

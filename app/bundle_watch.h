#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/annotated_mutex.h"
#include "base/metric.h"
#include "operators/refresh/served_models.h"

namespace eddy {

/// What tells one state of a bundle's path from another without reading the weights: where the path leads,
/// and each file's name, size, time of change and inode. Empty if there is no directory.
[[nodiscard]] std::string bundle_signature(const std::filesystem::path& path);

/// Looks at the paths of the served bundles again and again. One that has changed, and has been the same for
/// two looks, is loaded and verified on this thread; it replaces the one served, or is refused with one line
/// of log and a count while that one serves on. What was refused is not tried again before it changes.
class BundleWatch {
 public:
  struct Parts {
    std::shared_ptr<ServedModels> models;
    MetricRegistry* metrics = nullptr;      ///< outlives this; not null
    std::string encoder;                    ///< whose vectors the graph makes; empty: none
    std::function<void()> on_replaced;      ///< called on this thread; may be empty
    std::chrono::milliseconds interval{0};  ///< 0: start() does nothing
  };
  explicit BundleWatch(Parts parts);
  /// Waits for a bundle that is being loaded.
  ~BundleWatch();
  BundleWatch(const BundleWatch&) = delete;
  BundleWatch& operator=(const BundleWatch&) = delete;

  void start();
  /// One look at all paths; by start()'s thread, or by a test instead of it.
  void look();

 private:
  struct Watched {
    std::filesystem::path path;
    std::string seen;                            // signature at the last look
    std::optional<std::string> served, refused;  // signatures; nothing: not known, none
    Counter* swaps = nullptr;
    Counter* refusals = nullptr;
  };
  void run();
  void look_at(std::size_t arm);
  void try_bundle(std::size_t arm, const std::string& signature);
  void show_model(std::size_t arm, const std::string& model, bool is_served);

  const Parts parts_;
  std::vector<Watched> watched_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  bool is_stopping_ EDDY_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace eddy

#include "app/bundle_watch.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "model/bundle.h"
#include "model/bundle_files.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

/// Empty: it cannot be looked at.
std::string file_signature(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return file.string() + ' ' + std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) +
         '.' + std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_ino) + '\n';
}

/// Whether the bundle at a path, as its checksums say, is the one of this name.
bool is_named(const fs::path& path, const std::string& name) {
  std::ifstream file(path / kChecksumsFile, std::ios::binary);
  const std::string stated((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t at = name.rfind('@');
  return file && at != std::string::npos && checksum_of(stated).starts_with(name.substr(at + 1));
}

}  // namespace

std::string bundle_signature(const fs::path& path) {
  std::error_code error;
  const fs::path directory = fs::canonical(path, error);
  if (error) return {};
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator file(directory, error), end; !error && file != end;
       file.increment(error))
    files.push_back(file_signature(file->path()));
  if (error) return {};
  std::sort(files.begin(), files.end());
  std::string signature = directory.string() + '\n';
  for (const std::string& file : files) signature += file;
  return signature;
}

BundleWatch::BundleWatch(Parts parts) : parts_(std::move(parts)) {
  const auto current = parts_.models->current();
  for (std::size_t arm = 0; arm < current.size(); ++arm) {
    Watched& watched = watched_.emplace_back();
    const MetricLabels labels = {{"arm", current[arm]->arm}};
    watched.path = parts_.models->arms()[arm].path;
    watched.seen = bundle_signature(watched.path);
    // It may have been replaced since it was loaded; then it is to be loaded again.
    if (is_named(watched.path, current[arm]->name())) watched.served = watched.seen;
    watched.swaps = &parts_.metrics->counter("eddy_bundle_swaps_total",
                                             "Bundles that took over while the graph ran.", labels);
    watched.refusals =
        &parts_.metrics->counter("eddy_bundles_refused_total", "Bundles that could not take over.", labels);
    show_model(arm, current[arm]->name(), true);
  }
}

BundleWatch::~BundleWatch() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BundleWatch::start() {
  if (parts_.interval.count() == 0 || thread_.joinable()) return;
  thread_ = std::thread([this] { run(); });
}

void BundleWatch::run() {
  MutexLock lock(mutex_);
  while (!is_stopping_) {
    const auto until = std::chrono::steady_clock::now() + parts_.interval;
    while (!is_stopping_ && changed_.wait_until(lock, until) == std::cv_status::no_timeout) {
    }
    if (is_stopping_) return;
    lock.unlock();
    look();
    lock.lock();
  }
}

void BundleWatch::look() {
  for (std::size_t arm = 0; arm < watched_.size(); ++arm) look_at(arm);
}

void BundleWatch::look_at(std::size_t arm) {
  Watched& watched = watched_[arm];
  std::string signature = bundle_signature(watched.path);
  const bool is_settled = signature == watched.seen;
  watched.seen = signature;
  // A bundle that is just being copied is another one at each look.
  if (signature == watched.served) watched.refused.reset();
  if (!is_settled || signature == watched.served || signature == watched.refused) return;
  try_bundle(arm, signature);
}

void BundleWatch::try_bundle(std::size_t arm, const std::string& signature) {
  Watched& watched = watched_[arm];
  const std::string served = parts_.models->current()[arm]->name();
  auto loaded = load_bundle(watched.path);
  if (bundle_signature(watched.path) != signature) return;  // replaced while it was read: look again
  if (loaded && !(*loaded)->encoder().empty() && (*loaded)->encoder() != parts_.encoder)
    loaded =
        user_error("it reads vectors of the text encoder " + (*loaded)->encoder() +
                       ", which this graph does not make: restart with it as encode's encoder, and replay",
                   watched.path.string());
  if (!loaded) {
    watched.refused = signature;
    watched.refusals->add();
    spdlog::error("a bundle is refused, {} serves on: {}", served, to_string(loaded.error()));
    return;
  }
  watched.served = signature;
  watched.refused.reset();
  const std::string name = (*loaded)->model()->name;
  if (name == served) return;  // the same contents at another place
  parts_.models->replace(arm, std::move(*loaded));
  watched.swaps->add();
  show_model(arm, served, false);
  show_model(arm, name, true);
  spdlog::info("{} takes over from {} ({})", name, served, watched.path.string());
  if (parts_.on_replaced) parts_.on_replaced();
}

void BundleWatch::show_model(std::size_t arm, const std::string& model, bool is_served) {
  parts_.metrics
      ->gauge("eddy_served_model", "1 for the model that an arm serves, 0 for those before it.",
              {{"arm", parts_.models->arms()[arm].name}, {"model", model}})
      .set(is_served ? 1 : 0);
}

}  // namespace eddy

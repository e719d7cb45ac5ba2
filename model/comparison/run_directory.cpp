#include "model/comparison/run_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/whole_file.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInputsFile = "comparison.json";
constexpr const char* kRunsFolder = "runs";
/// Of this layout, and of what a run means: another one is refused.
constexpr const char* kFormatName = "format";
constexpr const char* kFormat = "1";

Error disk_error(const char* what, const fs::path& path) {
  return external_error(std::string(what) + ": " + std::strerror(errno), path.string());
}

std::string inputs_json(const SharedInputs& inputs) {
  nlohmann::ordered_json json{{kFormatName, kFormat}};
  for (const auto& [name, value] : inputs) json[name] = value;
  return json.dump(2) + "\n";
}

/// "--epochs was 12 and is 30; …"; empty: nothing differs.
std::string difference(const nlohmann::ordered_json& was, const nlohmann::ordered_json& is) {
  const auto text = [](const nlohmann::ordered_json& of, const std::string& name) {
    if (!of.contains(name)) return std::string("absent");
    const std::string value = of[name].is_string() ? of[name].get<std::string>() : of[name].dump();
    return value.empty() ? std::string("empty") : value;
  };
  std::string found;
  const auto tell = [&](const std::string& name) {
    if (!found.empty()) found += "; ";
    found += name + " was " + text(was, name) + " and is " + text(is, name);
  };
  for (const auto& [name, value] : is.items())
    if (!was.contains(name) || was[name] != value) tell(name);
  for (const auto& [name, value] : was.items())
    if (!is.contains(name)) tell(name);
  return found;
}

Result<void> check_inputs(const fs::path& path, const SharedInputs& inputs) {
  const fs::path file = path / kInputsFile;
  const std::string now = inputs_json(inputs);
  EDDY_ASSIGN(const std::optional<std::string> before, read_whole_file(file));
  if (!before) return write_whole_file(file, now);
  const auto was = nlohmann::ordered_json::parse(*before, nullptr, false);
  if (!was.is_object())
    return user_error("this file was not written by `eddy compare`: give another --out", file.string());
  const std::string differs = difference(was, nlohmann::ordered_json::parse(now));
  if (differs.empty()) return {};
  return user_error("there are runs of other inputs here: " + differs +
                        ". Give the same again, another --out, or delete this directory",
                    path.string());
}

}  // namespace

Result<RunDirectory> RunDirectory::open(std::filesystem::path path, const SharedInputs& inputs) {
  std::error_code code;
  fs::create_directories(path / kRunsFolder, code);
  if (code) return external_error("cannot be made: " + code.message(), path.string());
  const int lock = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return disk_error("cannot be opened", path);
  RunDirectory directory(std::move(path), lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return disk_error("cannot be locked", directory.path_);
    return user_error("another `eddy compare` works here: wait for its end, or give another --out",
                      directory.path_.string());
  }
  EDDY_TRY(check_inputs(directory.path_, inputs));
  return directory;
}

RunDirectory::RunDirectory(RunDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

RunDirectory::~RunDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::optional<FinishedRun>> RunDirectory::find(const RunKey& key, std::size_t test_events) const {
  const fs::path file = path_ / kRunsFolder / (key.name() + ".json");
  EDDY_ASSIGN(const std::optional<std::string> text, read_whole_file(file));
  if (!text) return std::optional<FinishedRun>();
  Result<FinishedRun> run = parse_run(*text, test_events);
  if (!run) return user_error(run.error().message + "; delete it, and it is made anew", file.string());
  if (run->key != key)
    return user_error("is the run " + run->key.name() + "; delete it, and it is made anew", file.string());
  return std::optional(std::move(run).value());
}

Result<void> RunDirectory::keep(const FinishedRun& run) const {
  return write_whole_file(path_ / kRunsFolder / (run.key.name() + ".json"), to_json(run));
}

Result<void> RunDirectory::write(std::string_view name, std::string_view content) const {
  return write_whole_file(path_ / name, content);
}

}  // namespace eddy

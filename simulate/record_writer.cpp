#include "simulate/record_writer.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace eddy {

namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const {
    // close() closes what was written to the end; here only after an error that is reported already.
    if (file != stdout) static_cast<void>(std::fclose(file));
  }
};

/// A file under another name, which it has until it is whole. Deleted if it never was.
class Draft {
 public:
  explicit Draft(fs::path target)
      : target_(std::move(target)),
        path_(target_.parent_path() / ("." + target_.filename().string() + ".draft")) {}
  ~Draft() {
    std::error_code code;  // what is left of it does no harm, and an error is reported already
    if (!path_.empty()) fs::remove(path_, code);
  }
  Draft(Draft&& other) noexcept
      : target_(std::move(other.target_)), path_(std::exchange(other.path_, fs::path())) {}
  Draft& operator=(Draft&&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }
  /// It gets its name.
  Result<void> finish() {
    std::error_code code;
    fs::rename(path_, target_, code);
    if (code)
      return external_error("cannot be renamed to " + target_.string() + ": " + code.message(),
                            path_.string());
    path_.clear();
    return {};
  }

 private:
  fs::path target_, path_;
};

/// One output file, or the standard output.
class LineFile {
 public:
  static Result<LineFile> open(const fs::path& path, FileAppears appears) {
    if (path == "-") return LineFile("standard output", stdout, std::nullopt);
    std::error_code code;  // what cannot be looked at cannot be opened either
    const auto type = fs::status(path, code).type();
    std::optional<Draft> draft;
    if (appears == FileAppears::kWhenFinished &&
        (type == fs::file_type::regular || type == fs::file_type::not_found))
      draft.emplace(type == fs::file_type::regular ? fs::canonical(path, code) : path);  // behind a link
    std::FILE* file = std::fopen((draft ? draft->path() : path).c_str(), "wb");
    if (file == nullptr) return failure("cannot be written", path.string());
    return LineFile(path.string(), file, std::move(draft));
  }

  Result<void> write_line(std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() ||
        std::fputc('\n', file_.get()) == EOF) {
      return failure("a write failed", name_);
    }
    return {};
  }

  /// All that was written is safe.
  Result<void> close() {
    std::FILE* file = file_.release();
    if (file == nullptr) return {};
    Result<void> written;
    if (std::fflush(file) != 0 || (draft_ && ::fsync(::fileno(file)) != 0))
      written = failure("a write failed", name_);
    if (file != stdout && std::fclose(file) != 0 && written) written = failure("a write failed", name_);
    return written;
  }

  /// After close(): it has its name.
  Result<void> appear() { return draft_ ? draft_->finish() : Result<void>{}; }

 private:
  LineFile(std::string name, std::FILE* file, std::optional<Draft> draft)
      : name_(std::move(name)), draft_(std::move(draft)), file_(file) {}

  static Error failure(const std::string& what, const std::string& where) {
    return external_error(what + ": " + std::strerror(errno), where);
  }

  std::string name_;
  std::optional<Draft> draft_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

class FileWriter final : public RecordWriter {
 public:
  /// One file for each channel, or one for all.
  explicit FileWriter(std::vector<LineFile> files) : files_(std::move(files)) {}

  Result<void> write(InputChannel channel, std::string_view /*key*/, std::string_view record) override {
    return files_[files_.size() == 1 ? 0 : static_cast<std::size_t>(channel)].write_line(record);
  }

  Result<void> finish() override {
    for (LineFile& file : files_) EDDY_TRY(file.close());
    for (LineFile& file : files_) EDDY_TRY(file.appear());
    return {};
  }

 private:
  std::vector<LineFile> files_;
};

}  // namespace

std::string_view channel_name(InputChannel channel) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(InputChannel::kCount)> kNames = {
      "web", "calls", "purchases"};
  return kNames[static_cast<std::size_t>(channel)];
}

InputChannel channel_of(const EventBody& body) {
  if (std::holds_alternative<Action>(body)) return InputChannel::kWeb;
  const bool is_of_call = std::holds_alternative<Utterance>(body) ||
                          std::holds_alternative<CallStarted>(body) ||
                          std::holds_alternative<CallEnded>(body);
  return is_of_call ? InputChannel::kCalls : InputChannel::kPurchases;
}

Result<std::unique_ptr<RecordWriter>> write_to_directory(const std::filesystem::path& directory,
                                                         FileAppears appears) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return external_error("the directory cannot be made: " + code.message(), directory.string());
  std::vector<LineFile> files;
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(InputChannel::kCount); ++channel) {
    const std::string name = std::string(channel_name(static_cast<InputChannel>(channel))) + ".jsonl";
    EDDY_ASSIGN(LineFile file, LineFile::open(directory / name, appears));
    files.push_back(std::move(file));
  }
  return std::unique_ptr<RecordWriter>(std::make_unique<FileWriter>(std::move(files)));
}

Result<std::unique_ptr<RecordWriter>> write_to_file(const std::filesystem::path& file, FileAppears appears) {
  EDDY_ASSIGN(LineFile opened, LineFile::open(file, appears));
  std::vector<LineFile> files;
  files.push_back(std::move(opened));
  return std::unique_ptr<RecordWriter>(std::make_unique<FileWriter>(std::move(files)));
}

}  // namespace eddy

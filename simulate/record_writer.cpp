#include "simulate/record_writer.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <variant>
#include <vector>

namespace eddy {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    // finish() closes what was written to the end; here only after an error that is reported already.
    if (file != stdout) static_cast<void>(std::fclose(file));
  }
};

/// One output file, or the standard output.
class LineFile {
 public:
  static Result<LineFile> open(const std::filesystem::path& path) {
    if (path == "-") return LineFile("standard output", stdout);
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return failure("cannot be written", path.string());
    return LineFile(path.string(), file);
  }

  Result<void> write_line(std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() ||
        std::fputc('\n', file_.get()) == EOF) {
      return failure("a write failed", name_);
    }
    return {};
  }

  Result<void> close() {
    std::FILE* file = file_.release();
    if (file == nullptr) return {};
    if ((file == stdout ? std::fflush(file) : std::fclose(file)) != 0)
      return failure("a write failed", name_);
    return {};
  }

 private:
  LineFile(std::string name, std::FILE* file) : name_(std::move(name)), file_(file) {}

  static Error failure(const std::string& what, const std::string& where) {
    return external_error(what + ": " + std::strerror(errno), where);
  }

  std::string name_;
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

Result<std::unique_ptr<RecordWriter>> write_to_directory(const std::filesystem::path& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return external_error("the directory cannot be made: " + code.message(), directory.string());
  std::vector<LineFile> files;
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(InputChannel::kCount); ++channel) {
    const std::string name = std::string(channel_name(static_cast<InputChannel>(channel))) + ".jsonl";
    EDDY_ASSIGN(LineFile file, LineFile::open(directory / name));
    files.push_back(std::move(file));
  }
  return std::unique_ptr<RecordWriter>(std::make_unique<FileWriter>(std::move(files)));
}

Result<std::unique_ptr<RecordWriter>> write_to_file(const std::filesystem::path& file) {
  EDDY_ASSIGN(LineFile opened, LineFile::open(file));
  std::vector<LineFile> files;
  files.push_back(std::move(opened));
  return std::unique_ptr<RecordWriter>(std::make_unique<FileWriter>(std::move(files)));
}

}  // namespace eddy

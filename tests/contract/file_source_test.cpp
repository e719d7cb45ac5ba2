// FileSource passes the contract of sources, with one plain file and with three of which one is gzip.
#include "pipeline/file/file_source.h"

#include <zlib.h>

#include <fstream>

#include "contract/source_contract.h"
#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

class FileSourceBench final : public SourceBench {
 public:
  explicit FileSourceBench(std::size_t files) {
    for (std::size_t i = 0; i < files; ++i) {
      const bool is_gzip = i == 1;
      paths_.push_back(
          (directory_.path() / ("events-" + std::to_string(i) + (is_gzip ? ".gz" : ""))).string());
    }
  }

  // All of a user's records go into one file, so that their order does not hang on the merge.
  void put(const std::vector<std::pair<std::string, std::string>>& records) override {
    std::vector<std::string> contents(paths_.size());
    for (const auto& [user, value] : records) {
      contents[std::hash<std::string>{}(user) % paths_.size()] += value + "\n";
    }
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      // "T": zlib writes the bytes as they are.
      const gzFile file = gzopen(paths_[i].c_str(), paths_[i].ends_with(".gz") ? "wb" : "wbT");
      ASSERT_NE(file, nullptr);
      ASSERT_EQ(gzwrite(file, contents[i].data(), static_cast<unsigned>(contents[i].size())),
                static_cast<int>(contents[i].size()));
      ASSERT_EQ(gzclose(file), Z_OK);
    }
  }
  std::unique_ptr<Source> make() override {
    FileSourceOptions options;
    options.paths = paths_;
    options.shards = 4;
    return std::make_unique<FileSource>(options);
  }
  Positions beyond_the_end() override { return {{{paths_.back(), 2}, 100'000'000}}; }

 private:
  TemporaryDirectory directory_;
  std::vector<std::string> paths_;
};

INSTANTIATE_TEST_SUITE_P(OneFile, SourceContract, testing::Values([]() -> std::unique_ptr<SourceBench> {
                           return std::make_unique<FileSourceBench>(1);
                         }));
INSTANTIATE_TEST_SUITE_P(ThreeFiles, SourceContract, testing::Values([]() -> std::unique_ptr<SourceBench> {
                           return std::make_unique<FileSourceBench>(3);
                         }));

}  // namespace
}  // namespace eddy

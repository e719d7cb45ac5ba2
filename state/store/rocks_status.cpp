#include "state/store/rocks_status.h"

#include <algorithm>

namespace eddy {
namespace {

std::string_view advice(const rocksdb::Status& status) {
  if (status.IsNoSpace())
    return "the disk is full: free some space and start again; nothing committed is lost";
  if (status.IsCorruption()) {
    return "stored data is damaged: check the disk, then make the store anew from its changelog ('eddy state "
           "rebuild'), or without one replay the input into an empty directory";
  }
  if (status.IsIOError()) {
    const std::string text = status.ToString();
    if (text.find("lock") != std::string::npos) return "another process has it open";
    return "the disk or the file system failed: check permissions, free space and the system's log";
  }
  return "RocksDB refused";
}

}  // namespace

Error rocks_error(const rocksdb::Status& status, std::string_view action, std::string where) {
  std::string detail = status.ToString();
  std::replace(detail.begin(), detail.end(), '\n', ' ');
  std::string message =
      "cannot " + std::string(action) + ": " + std::string(advice(status)) + " (" + detail + ")";
  return external_error(std::move(message), std::move(where), Remedy::kStop);
}

}  // namespace eddy

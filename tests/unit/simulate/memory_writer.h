#pragma once

#include <string>
#include <vector>

#include "simulate/record_writer.h"

namespace eddy {

struct WrittenRecord {
  InputChannel channel;
  std::string key, record;

  friend bool operator==(const WrittenRecord&, const WrittenRecord&) = default;
};

/// Keeps what is written.
class MemoryWriter final : public RecordWriter {
 public:
  Result<void> write(InputChannel channel, std::string_view key, std::string_view record) override {
    records.push_back({channel, std::string(key), std::string(record)});
    return {};
  }
  Result<void> finish() override { return {}; }

  std::vector<WrittenRecord> records;
};

/// Fails at the given record.
class FailingWriter final : public RecordWriter {
 public:
  explicit FailingWriter(std::size_t at) : left_(at) {}
  Result<void> write(InputChannel /*channel*/, std::string_view /*key*/,
                     std::string_view /*record*/) override {
    if (left_-- == 0) return external_error("the disk is full");
    return {};
  }
  Result<void> finish() override { return {}; }

 private:
  std::size_t left_;
};

}  // namespace eddy

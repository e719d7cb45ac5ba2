#include "simulate/paced_writer.h"

#include <chrono>
#include <thread>

#include "base/clock.h"

namespace eddy {

namespace {

class PacedWriter final : public RecordWriter {
 public:
  PacedWriter(std::unique_ptr<RecordWriter> writer, double records_per_second)
      : writer_(std::move(writer)),
        records_per_second_(records_per_second),
        begin_(system_clock().steady_now()) {}

  Result<void> write(InputChannel channel, std::string_view key, std::string_view record) override {
    const std::chrono::duration<double> due(static_cast<double>(written_++) / records_per_second_);
    // Returns at once if it is late, and so catches up; short waits cost more than they are worth.
    const auto until = begin_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(due);
    if (until - system_clock().steady_now() > std::chrono::milliseconds(1))
      std::this_thread::sleep_until(until);
    return writer_->write(channel, key, record);
  }

  Result<void> finish() override { return writer_->finish(); }

 private:
  const std::unique_ptr<RecordWriter> writer_;
  const double records_per_second_;
  const std::chrono::steady_clock::time_point begin_;
  std::size_t written_ = 0;
};

}  // namespace

std::unique_ptr<RecordWriter> pace_writer(std::unique_ptr<RecordWriter> writer, double records_per_second) {
  return std::make_unique<PacedWriter>(std::move(writer), records_per_second);
}

}  // namespace eddy

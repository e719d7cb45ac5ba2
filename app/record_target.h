#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "simulate/record_writer.h"

namespace CLI {
class App;
}

namespace eddy {

/// Where a command that makes events puts them, as given on its command line.
struct RecordTarget {
  std::string out;      ///< directory, or "-" for the standard output
  std::string single;   ///< one file
  std::string brokers;  ///< Kafka
  std::vector<std::string> kafka_properties;
  double rate = 0;  ///< events a second; 0: as fast as possible

  [[nodiscard]] bool is_empty() const { return out.empty() && single.empty() && brokers.empty(); }
  /// Whether the events go to the standard output, so that nothing else may.
  [[nodiscard]] bool is_standard_output() const { return out == "-" || single == "-"; }
};

/// Declares --out, --single, --kafka, --kafka-property and --rate.
void declare_record_target(CLI::App& command, RecordTarget& target);

/// Opens it. Errors (user's): not one of the three; a property without a value; (external): a file that
/// cannot be written, no broker, a topic of `channels` that is missing.
Result<std::unique_ptr<RecordWriter>> open_record_target(const RecordTarget& target,
                                                         const std::vector<InputChannel>& channels);

}  // namespace eddy

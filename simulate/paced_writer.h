#pragma once

#include <memory>

#include "simulate/record_writer.h"

namespace eddy {

/// Passes records on, at most `records_per_second` (above 0) of them: waits on the writing thread.
std::unique_ptr<RecordWriter> pace_writer(std::unique_ptr<RecordWriter> writer, double records_per_second);

}  // namespace eddy

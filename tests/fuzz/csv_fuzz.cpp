#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "fakes/temporary_directory.h"
#include "import/csv_fields.h"
#include "import/csv_reader.h"

/// Any bytes are rows of CSV, or one error with its place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const eddy::TemporaryDirectory directory;
  const auto file = directory.path() / "fuzz.csv";
  std::ofstream(file, std::ios::binary) << "a,b\n" << std::string(reinterpret_cast<const char*>(data), size);
  auto row = eddy::CsvReader::open(file, {"b", "a"});
  if (!row) std::abort();
  for (;;) {
    const auto has_row = row->next();
    if (!has_row && (has_row.error().message.empty() || has_row.error().where.empty())) std::abort();
    if (!has_row || !*has_row) return 0;
    const auto number = eddy::read_whole_number(*row, 0);
    const auto real = eddy::read_float(*row, 1);
    if (!number && number.error().where.empty()) std::abort();
    if (!real && real.error().where.empty()) std::abort();
  }
}

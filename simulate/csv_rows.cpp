#include "simulate/csv_rows.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace eddy {

namespace {

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose_r(file); }
};

void split_fields(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

/// False at the end of the file.
Result<bool> read_line(gzFile_s* file, const std::string& where, std::string& line) {
  line.clear();
  std::array<char, 4096> buffer;
  while (gzgets(file, buffer.data(), static_cast<int>(buffer.size())) != nullptr) {
    line += buffer.data();
    if (line.back() != '\n') continue;
    line.pop_back();
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return true;
  }
  int code = Z_OK;
  const char* message = gzerror(file, &code);
  if (code != Z_OK && code != Z_STREAM_END) {
    return external_error("cannot be read: " + std::string(message) + "; the file may be cut off", where);
  }
  return !line.empty();
}

}  // namespace

Result<void> for_each_csv_row(const std::filesystem::path& file, std::string_view header,
                              const std::function<Result<void>(std::span<const std::string_view>)>& take) {
  const std::unique_ptr<gzFile_s, CloseGzip> input(gzopen(file.c_str(), "rb"));
  if (!input) return user_error("cannot be opened", file.string());
  std::string line;
  EDDY_ASSIGN(bool more, read_line(input.get(), file.string(), line));
  if (!more || line != header) {
    return user_error("the first line must be '" + std::string(header) + "'", file.string() + ":1");
  }
  const auto columns = static_cast<std::size_t>(std::count(header.begin(), header.end(), ',')) + 1;
  std::vector<std::string_view> fields;
  for (std::size_t number = 2;; ++number) {
    EDDY_ASSIGN(more, read_line(input.get(), file.string(), line));
    if (!more) return {};
    split_fields(line, fields);
    const std::string where = file.string() + ":" + std::to_string(number);
    if (fields.size() != columns) {
      return user_error(
          "has " + std::to_string(fields.size()) + " fields, but the header " + std::to_string(columns),
          where);
    }
    if (Result<void> taken = take(fields); !taken) {
      Error error = std::move(taken).error();
      error.where = where;
      return error;
    }
  }
}

}  // namespace eddy

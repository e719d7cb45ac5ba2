#include "app/segment_file.h"

#include <utility>

#include "import/csv_reader.h"

namespace eddy {

Result<std::vector<UserField>> read_user_fields(const std::string& file,
                                                const std::vector<std::string>& fields) {
  std::vector<std::string> columns{"user"};
  columns.insert(columns.end(), fields.begin(), fields.end());
  EDDY_ASSIGN(CsvReader reader, CsvReader::open(file, columns));
  std::vector<UserField> values(fields.size());
  for (;;) {
    EDDY_ASSIGN(const bool has_row, reader.next());
    if (!has_row) return values;
    const UserId user{std::string(reader.fields()[0])};
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!values[i].emplace(user, std::string(reader.fields()[i + 1])).second)
        return reader.field_error(0, "the user " + user.value() + " is there twice");
    }
  }
}

}  // namespace eddy

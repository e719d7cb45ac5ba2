#include "import/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "fakes/temporary_directory.h"
#include "import/csv_fields.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Row = std::vector<std::string>;

class csv_reader : public testing::Test {
 protected:
  struct Contents {
    std::vector<Row> rows;
    std::vector<std::uint32_t> lines;
    Error error;
  };
  Contents read(const std::string& text, std::vector<std::string> columns) {
    const auto file = directory_.path() / "file.csv";
    std::ofstream(file, std::ios::binary) << text;
    Contents contents;
    auto reader = CsvReader::open(file, std::move(columns));
    if (!reader) {
      contents.error = reader.error();
      return contents;
    }
    for (;;) {
      const auto has_row = reader->next();
      if (!has_row) contents.error = has_row.error();
      if (!has_row || !*has_row) return contents;
      contents.rows.emplace_back(reader->fields().begin(), reader->fields().end());
      contents.lines.push_back(reader->line());
    }
  }

  TemporaryDirectory directory_;
};

TEST_F(csv_reader, gives_the_columns_that_are_asked_for) {
  const Contents contents = read("c,a,b\n3,1,2\n6,4,5\n", {"a", "c"});
  EXPECT_THAT(contents.rows, ElementsAre(Row{"1", "3"}, Row{"4", "6"}));
  EXPECT_THAT(contents.lines, ElementsAre(2, 3));
  EXPECT_EQ(contents.error.message, "");
}

TEST_F(csv_reader, reads_quotes_line_ends_and_a_byte_order_mark_as_tables_are_written) {
  const Contents contents =
      read("\xEF\xBB\xBF\"a\",b\r\n\"1,2\",\"say \"\"x\"\"\"\r\n\r\n\"two\nlines\",\n,\"\"", {"a", "b"});
  EXPECT_THAT(contents.rows, ElementsAre(Row{"1,2", "say \"x\""}, Row{"two\nlines", ""}, Row{"", ""}));
  EXPECT_THAT(contents.lines, ElementsAre(2, 4, 6));
  EXPECT_EQ(contents.error.message, "");
}

TEST_F(csv_reader, refuses_what_is_no_csv_and_names_the_line) {
  const struct {
    std::string text, where, what;
  } cases[] = {
      {"", "file.csv", "is empty"},
      {"a\n1\n", "file.csv:1", "the column 'b' is missing"},
      {"a,b,a\n1,2,3\n", "file.csv:1", "the column 'a' is there twice"},
      {"version https://git-lfs.github.com/spec/v1\n", "file.csv:1", "pointer of Git LFS"},
      {"a,b\n1,2\n1\n", "file.csv:3", "has 1 fields, but the header has 2"},
      {"a,b\n1,2,3\n", "file.csv:2", "has 3 fields"},
      {"a,b\n1,x\"y\n2,3\"\n", "file.csv:2", "holds a quote, but does not begin with one"},
      {"a,b\n1,\"x\n", "file.csv:2", "a quote is not closed"},
      {"a,b\n1,\"x\"y\n", "file.csv:2", "goes on behind its closing quote"},
  };
  for (const auto& one : cases) {
    const Contents contents = read(one.text, {"a", "b"});
    EXPECT_EQ(contents.error.fault, Fault::kUser) << one.text;
    EXPECT_TRUE(contents.error.where.ends_with(one.where)) << contents.error.where << " of " << one.text;
    EXPECT_THAT(contents.error.message, HasSubstr(one.what));
  }
  EXPECT_EQ(CsvReader::open(directory_.path() / "none.csv", {"a"}).error().fault, Fault::kUser);
}

TEST_F(csv_reader, a_row_longer_than_the_limit_is_refused_before_it_is_all_read) {
  const Contents contents =
      read("a,b\n1,\"" + std::string(CsvReader::kLongestRow + (4U << 20U), 'x') + "\n", {"a", "b"});
  EXPECT_THAT(contents.error.message, HasSubstr("longer than 16 MiB"));
}

TEST_F(csv_reader, numbers_are_whole_or_refused_with_their_column) {
  const auto file = directory_.path() / "numbers.csv";
  std::string text = "n,x\n3596.0,1e-400\n4294967295,-1.5E3\n";
  for (const char* bad : {"", "-1", "4294967296", "1.5", "12x", " 1", "nan"}) {
    text += std::string(bad) + "," + (text.size() % 2 == 0 ? "inf\n" : "1e39\n");
  }
  std::ofstream(file) << text;
  auto row = CsvReader::open(file, {"n", "x"});
  ASSERT_TRUE(row);
  ASSERT_TRUE(*row->next());
  EXPECT_EQ(read_whole_number(*row, 0).value(), 3596U);
  EXPECT_EQ(read_float(*row, 1).value(), 0.0F);
  ASSERT_TRUE(*row->next());
  EXPECT_EQ(read_whole_number(*row, 0).value(), 4294967295U);
  EXPECT_EQ(read_float(*row, 1).value(), -1500.0F);
  std::size_t refused = 0;
  while (*row->next()) {
    const auto whole = read_whole_number(*row, 0);
    ASSERT_FALSE(whole) << row->fields()[0];
    EXPECT_THAT(whole.error().message, HasSubstr("column 'n'"));
    ASSERT_FALSE(read_float(*row, 1)) << row->fields()[1];
    ++refused;
  }
  EXPECT_EQ(refused, 7U);
}

/// As a table is written: quotes where they must be.
std::string field_of(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

RC_GTEST_FIXTURE_PROP(csv_reader, what_was_written_is_read, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 6);
  const auto letters = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab ,\"\n\r;")));
  std::string text = "c0";
  std::vector<std::string> names = {"c0"};
  for (std::size_t i = 1; i < columns; ++i) text += "," + names.emplace_back("c" + std::to_string(i));
  text += "\n";
  std::vector<Row> rows;
  const auto count = *rc::gen::inRange<std::size_t>(0, 20);
  for (std::size_t i = 0; i < count; ++i) {
    Row row = *rc::gen::container<Row>(columns, letters);
    if (columns == 1 && row[0].empty()) row[0] = "x";  // an empty line is no row
    for (std::size_t j = 0; j < columns; ++j) text += (j == 0 ? "" : ",") + field_of(row[j]);
    text += "\n";
    rows.push_back(std::move(row));
  }
  const Contents contents = read(text, names);
  RC_ASSERT(contents.error.message == "");
  RC_ASSERT(contents.rows == rows);
}

RC_GTEST_FIXTURE_PROP(csv_reader, any_bytes_are_rows_or_an_error_with_a_place, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a,b\"\n\r x\xEF\xBB\xBF")));
  const Contents contents = read("a,b\n" + text, {"b"});
  RC_ASSERT(contents.error.message.empty() || contents.error.where.find("file.csv") != std::string::npos);
}

}  // namespace
}  // namespace eddy

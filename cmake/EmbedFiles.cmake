# Run as a script: writes OUTPUT, a C++ source with the texts of FILES (a list of name=path, separated by |).
string(REPLACE "|" ";" files "${FILES}")
set(entries "")
set(count 0)
foreach(file IN LISTS files)
  string(REGEX MATCH "^([^=]+)=(.+)$" matched "${file}")
  set(name "${CMAKE_MATCH_1}")
  file(READ "${CMAKE_MATCH_2}" text)
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include <cstddef>
#include <string_view>

namespace eddy {

struct EmbeddedFile {
  const char* name;
  std::string_view text;
};
extern const EmbeddedFile kEmbeddedFiles[];
extern const std::size_t kEmbeddedFileCount;
const EmbeddedFile kEmbeddedFiles[] = {
${entries}};
const std::size_t kEmbeddedFileCount = ${count};

}  // namespace eddy
")

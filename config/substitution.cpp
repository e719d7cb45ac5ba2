#include "config/substitution.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace eddy {
namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;

Result<std::string> read_secret(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) return user_error("'" + path + "' is not a file");
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxSecretBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) return user_error("cannot read '" + path + "'");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxSecretBytes)
    return user_error("'" + path + "' has more than 64 KiB, which is no secret");
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

/// What one `${…}` stands for; `is_from_outside` becomes true unless it is the default that the file itself
/// gives.
Result<std::string> expand(const std::string& expression, const Surroundings& surroundings,
                           bool& is_from_outside) {
  constexpr std::string_view kFile = "file:";
  if (expression.starts_with(kFile)) {
    is_from_outside = true;
    return surroundings.secret(expression.substr(kFile.size()));
  }
  const std::size_t separator = expression.find(":-");
  const std::string name = expression.substr(0, separator);
  constexpr const char* kNameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  if (name.empty() || name.find_first_not_of(kNameLetters) != std::string::npos) {
    return user_error("'${" + expression + "}' is neither ${NAME}, ${NAME:-default} nor ${file:/path}");
  }
  std::optional<std::string> value = surroundings.variable(name);
  if (separator != std::string::npos) {
    if (!value || value->empty()) return expression.substr(separator + 2);
    is_from_outside = true;
    return *std::move(value);
  }
  if (!value) {
    return user_error("the environment variable '" + name + "' is not set; set it, or give a default as ${" +
                      name + ":-value}");
  }
  is_from_outside = true;
  return *std::move(value);
}

Result<std::string> substituted(const std::string& text, const Surroundings& surroundings,
                                bool& is_from_outside) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t open = text.find("${"); open != std::string::npos; open = text.find("${", done)) {
    if (open > done && text[open - 1] == '$') {
      result.append(text, done, open - 1 - done).append("${");
      done = open + 2;
      continue;
    }
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) return user_error("'${' without its '}'; write $${ for a plain ${");
    result.append(text, done, open - done);
    EDDY_ASSIGN(const std::string value,
                expand(text.substr(open + 2, close - open - 2), surroundings, is_from_outside));
    result += value;
    done = close + 1;
  }
  return result.append(text, done);
}

}  // namespace

Surroundings process_surroundings() {
  return {.variable = [](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());
            if (value == nullptr) return std::nullopt;
            return value;
          },
          .secret = read_secret};
}

void substitute(ParamNode& node, const Surroundings& surroundings, std::vector<Error>& mistakes) {
  if (auto* text = std::get_if<std::string>(&node.value)) {
    if (text->find("${") == std::string::npos) return;
    bool is_from_outside = false;
    Result<std::string> value = substituted(*text, surroundings, is_from_outside);
    if (!value) {
      Error mistake = std::move(value).error();
      mistake.where = node.where;
      mistakes.push_back(std::move(mistake));
      return;
    }
    std::string written = std::exchange(*text, *std::move(value));
    if (is_from_outside) node.written = std::move(written);
  } else if (auto* list = std::get_if<std::vector<ParamNode>>(&node.value)) {
    for (ParamNode& element : *list) substitute(element, surroundings, mistakes);
  } else if (auto* map = std::get_if<std::map<std::string, ParamNode>>(&node.value)) {
    for (auto& [key, child] : *map) substitute(child, surroundings, mistakes);
  }
}

}  // namespace eddy

#include "config/yaml_document.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <map>
#include <optional>
#include <utility>

namespace eddy {
namespace {

// A tree is never deeper or larger than this, whatever its aliases multiply to.
constexpr int kMaxDepth = 50;
constexpr std::size_t kMaxNodes = 100'000;

std::string place(const std::string& name, const YAML::Mark& mark) {
  return mark.is_null() ? name : name + ":" + std::to_string(mark.line + 1);
}

/// Copies YAML nodes into a ParamNode tree.
class TreeBuilder {
 public:
  TreeBuilder(std::string name, std::vector<Error>& mistakes) : name_(std::move(name)), mistakes_(mistakes) {}

  Result<ParamNode> build(const YAML::Node& node, std::string where, int depth = 0) {
    if (++nodes_ > kMaxNodes) {
      return user_error("more than 100,000 values, aliases followed; a configuration is smaller", where);
    }
    if (depth > kMaxDepth)
      return user_error("nested deeper than 50 levels; does an alias contain itself?", where);
    ParamNode result{{}, std::move(where), std::nullopt};
    if (node.IsScalar()) {
      result.value = node.Scalar();
    } else if (node.IsSequence()) {
      std::vector<ParamNode> list;
      for (const YAML::Node& element : node) {
        EDDY_ASSIGN(ParamNode child, build(element, place(name_, element.Mark()), depth + 1));
        list.push_back(std::move(child));
      }
      result.value = std::move(list);
    } else if (node.IsMap()) {
      EDDY_ASSIGN(result.value, build_map(node, depth));
    }
    return result;
  }

 private:
  Result<std::map<std::string, ParamNode>> build_map(const YAML::Node& node, int depth) {
    std::map<std::string, ParamNode> map;
    std::vector<ParamNode> merged;
    for (const auto& entry : node) {
      std::string where = place(name_, entry.first.Mark());
      if (!entry.first.IsScalar()) {
        mistakes_.push_back(user_error("a key must be a plain text", std::move(where)));
        continue;
      }
      const std::string& key = entry.first.Scalar();
      EDDY_ASSIGN(ParamNode child, build(entry.second, where, depth + 1));
      if (key == "<<") {
        merged.push_back(std::move(child));
        continue;
      }
      const auto [first, is_new] = map.try_emplace(key, std::move(child));
      if (!is_new) {
        mistakes_.push_back(
            user_error("'" + key + "' is set twice; first at " + first->second.where, std::move(where)));
      }
    }
    for (ParamNode& source : merged) merge(std::move(source), map);
    return map;
  }

  /// The keys of a merge key's map, or of a list of maps, where the map has none of its own.
  void merge(ParamNode source, std::map<std::string, ParamNode>& into) {
    if (auto* list = std::get_if<std::vector<ParamNode>>(&source.value)) {
      for (ParamNode& element : *list) merge(std::move(element), into);
    } else if (auto* map = std::get_if<std::map<std::string, ParamNode>>(&source.value)) {
      into.merge(*map);
    } else {
      mistakes_.push_back(user_error("'<<' merges maps only, as in '<<: *anchor'", source.where));
    }
  }

  const std::string name_;
  std::vector<Error>& mistakes_;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<ParamNode> parse_yaml(std::string_view text, const std::string& name, std::vector<Error>& mistakes) {
  if (text.size() > kMaxYamlBytes) return user_error("larger than 1 MiB, which is no configuration", name);
  if (text.find('\0') != std::string_view::npos)
    return user_error("holds a zero byte, so it is not YAML text", name);
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1) {
      return user_error("a second document begins here; a configuration is one",
                        place(name, documents[1].Mark()));
    }
    if (documents.empty()) return ParamNode{{}, name, std::nullopt};
    return TreeBuilder(name, mistakes).build(documents[0], place(name, documents[0].Mark()));
  } catch (const YAML::Exception& error) {
    const std::string column =
        error.mark.is_null() ? "" : " (column " + std::to_string(error.mark.column + 1) + ")";
    return user_error("broken YAML: " + error.msg + column, place(name, error.mark));
  } catch (const std::exception& error) {
    return user_error(std::string("broken YAML: ") + error.what(), name);
  }
}

Result<ParamNode> read_yaml(const std::filesystem::path& path, std::vector<Error>& mistakes) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure))
    return user_error("is a directory, not a file", path.string());
  std::ifstream file(path, std::ios::binary);
  if (!file) return user_error("no such file, or it cannot be read", path.string());
  std::string text(kMaxYamlBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return external_error("cannot be read", path.string());
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_yaml(text, path.string(), mistakes);
}

}  // namespace eddy

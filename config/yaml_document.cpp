#include "config/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace eddy {
namespace {

// A tree is never deeper or larger than this, whatever its aliases multiply to.
constexpr std::size_t kMaxDepth = 50;
constexpr std::size_t kMaxNodes = 100'000;
constexpr std::size_t kMaxTextBytes = 16 * kMaxYamlBytes;

/// Leaves yaml-cpp's parser from inside one of its events; caught in parse_yaml.
struct Refusal : std::runtime_error {
  Refusal(const std::string& message, YAML::Mark where) : std::runtime_error(message), mark(where) {}
  YAML::Mark mark;
};

/// A part of the document, and what a copy of it costs.
struct Part {
  ParamNode node;
  std::size_t depth = 1, nodes = 1, text_bytes = 0;
};

/// Builds the tree from yaml-cpp's events:
///
///     document := start node end        node := null | alias | scalar | list-start node* list-end
///                                             | map-start (key-node node)* map-end
///
/// yaml-cpp's own trees are not used: LoadAll never ends on some broken texts ("]"), and aliases in them may
/// be endless.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& name, std::vector<Error>& mistakes) : name_(name), mistakes_(mistakes) {}

  [[nodiscard]] ParamNode take() { return std::move(root_.node); }
  [[nodiscard]] std::string place(const YAML::Mark& mark) const {
    return mark.is_null() ? name_ : name_ + ":" + std::to_string(mark.line + 1);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(has_begun_, true)) {
      throw Refusal("text after the end of the document; is there a stray bracket or a '---'?", mark);
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({{{}, place(mark), {}}}, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refusal("an alias stands inside of what it names", mark);
    Part copy = found->second;
    copy.node.where = place(mark);
    count(copy, mark);
    add(std::move(copy), mark, YAML::NullAnchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& value) override {
    add({{value, place(mark), {}}, 1, 1, value.size()}, mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin({{std::vector<ParamNode>(), place(mark), {}}}, mark, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin({{std::map<std::string, ParamNode>(), place(mark), {}}}, mark, anchor);
  }
  void OnMapEnd() override {
    auto& map = std::get<std::map<std::string, ParamNode>>(open_.back().part.node.value);
    for (ParamNode& source : open_.back().merged) merge(std::move(source), map);
    end();
  }

 private:
  /// A list or map whose end has not come.
  struct Open {
    Part part;
    YAML::Mark mark;
    YAML::anchor_t anchor;
    std::optional<ParamNode> key;   // of a map: read, and its value not yet
    std::vector<ParamNode> merged;  // of a map: what its merge keys bring
  };

  void begin(Part part, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() >= kMaxDepth) throw Refusal("nested deeper than 50 levels", mark);
    count(part, mark);
    open_.push_back({std::move(part), mark, anchor, std::nullopt, {}});
  }

  void end() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.part), closed.mark, closed.anchor);
  }

  /// Every value and every copy counts, for copies take memory as well.
  void count(const Part& part, const YAML::Mark& mark) {
    nodes_ += part.nodes;
    text_bytes_ += part.text_bytes;
    if (nodes_ <= kMaxNodes && text_bytes_ <= kMaxTextBytes) return;
    throw Refusal("more than 100,000 values or 16 MiB, aliases followed; a configuration is smaller", mark);
  }

  /// A whole node, for the list, map or document that it stands in.
  void add(Part part, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() + part.depth > kMaxDepth + 1) throw Refusal("nested deeper than 50 levels", mark);
    const bool is_leaf = part.node.list() == nullptr && part.node.map() == nullptr;
    const bool is_copied = anchor != YAML::NullAnchor;
    if (is_leaf || is_copied) count(part, mark);
    if (is_copied) anchors_[anchor] = part;
    if (open_.empty()) {
      root_ = std::move(part);
      return;
    }
    Open& parent = open_.back();
    parent.part.depth = std::max(parent.part.depth, part.depth + 1);
    parent.part.nodes += part.nodes;
    parent.part.text_bytes += part.text_bytes;
    if (auto* list = std::get_if<std::vector<ParamNode>>(&parent.part.node.value)) {
      list->push_back(std::move(part.node));
    } else if (!parent.key) {
      parent.key = std::move(part.node);
    } else {
      add_pair(parent, std::move(part.node));
    }
  }

  void add_pair(Open& parent, ParamNode value) {
    const ParamNode key = *std::exchange(parent.key, std::nullopt);
    if (key.scalar() == nullptr) {
      mistakes_.push_back(user_error("a key must be a plain text", key.where));
      return;
    }
    value.where = key.where;
    if (*key.scalar() == "<<") {
      parent.merged.push_back(std::move(value));
      return;
    }
    auto& map = std::get<std::map<std::string, ParamNode>>(parent.part.node.value);
    const auto [first, is_new] = map.try_emplace(*key.scalar(), std::move(value));
    if (is_new) return;
    mistakes_.push_back(
        user_error("'" + *key.scalar() + "' is set twice; first at " + first->second.where, key.where));
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

  const std::string& name_;
  std::vector<Error>& mistakes_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Part> anchors_;
  Part root_;
  std::size_t nodes_ = 0, text_bytes_ = 0;
  bool has_begun_ = false;
};

}  // namespace

Result<ParamNode> parse_yaml(std::string_view text, const std::string& name, std::vector<Error>& mistakes) {
  if (text.size() > kMaxYamlBytes) return user_error("larger than 1 MiB, which is no configuration", name);
  if (text.find('\0') != std::string_view::npos)
    return user_error("holds a zero byte, so it is not YAML text", name);
  TreeBuilder builder(name, mistakes);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return ParamNode{{}, name, std::nullopt};
    // Only to refuse it: a second document ends the reading at its first event.
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const Refusal& refusal) {
    return user_error(refusal.what(), builder.place(refusal.mark));
  } catch (const YAML::Exception& error) {
    const std::string column =
        error.mark.is_null() ? "" : " (column " + std::to_string(error.mark.column + 1) + ")";
    return user_error("broken YAML: " + error.msg + column, builder.place(error.mark));
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

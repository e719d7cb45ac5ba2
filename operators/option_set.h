#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "operators/params.h"

namespace eddy {

/// A count of bytes; written "64MiB", "512KiB", "1GiB" or a plain number in YAML.
struct ByteSize {
  std::uint64_t bytes = 0;
  friend auto operator<=>(const ByteSize&, const ByteSize&) = default;
};

/// Settings that are declared once: name, target (which holds the default), bounds, one sentence. Parser,
/// error text and docs/configuration.md all come from the declaration.
///
///     OptionSet options("publish");
///     options.add("top_k", &top_k_, 1, 100, "How many items a recommendation has.");
///     options.read(node, mistakes);
class OptionSet {
 public:
  /// A size that its struct keeps as a plain number of bytes.
  struct ByteCount {
    std::size_t* bytes;
  };
  using Target = std::variant<std::monostate, bool*, std::int32_t*, std::int64_t*, std::size_t*, ByteCount,
                              double*, std::string*, ByteSize*, std::chrono::milliseconds*,
                              std::vector<std::string>*, std::map<std::string, std::string>*>;

  explicit OptionSet(std::string section) : section_(std::move(section)) {}

  OptionSet& add(std::string name, std::int64_t* target, std::int64_t least, std::int64_t most,
                 std::string sentence);
  OptionSet& add(std::string name, std::int32_t* target, std::int32_t least, std::int32_t most,
                 std::string sentence);
  OptionSet& add(std::string name, std::size_t* target, std::size_t least, std::size_t most,
                 std::string sentence);
  OptionSet& add(std::string name, double* target, double least, double most, std::string sentence);
  OptionSet& add(std::string name, ByteSize* target, ByteSize least, ByteSize most, std::string sentence);
  OptionSet& add_bytes(std::string name, std::size_t* target, ByteSize least, ByteSize most,
                       std::string sentence);
  OptionSet& add(std::string name, std::chrono::milliseconds* target, std::chrono::milliseconds least,
                 std::chrono::milliseconds most, std::string sentence);
  OptionSet& add(std::string name, bool* target, std::string sentence);
  OptionSet& add(std::string name, std::string* target, std::string sentence);
  /// One of `choices`.
  OptionSet& add(std::string name, std::string* target, std::vector<std::string> choices,
                 std::string sentence);
  OptionSet& add(std::string name, std::vector<std::string>* target, std::string sentence);
  /// Keys and values as they are, e.g. librdkafka properties.
  OptionSet& add(std::string name, std::map<std::string, std::string>* target, std::string sentence);
  /// A key whose value the caller reads itself: known and documented here, otherwise left alone.
  OptionSet& add_nested(std::string name, std::string type, std::string default_value, std::string sentence);
  /// The last option added must be given.
  OptionSet& required();

  /// Sets the targets from a map node (null: all defaults). Appends every mistake with its place, and for an
  /// unknown key the nearest valid one; never stops at the first.
  void read(const ParamNode& node, std::vector<Error>& mistakes) const;

  /// One option as documented.
  struct Entry {
    std::string name;
    std::string type;           ///< "integer", "duration", "size", …
    std::string default_value;  ///< as one would write it in YAML
    std::string bounds;         ///< "1 to 100", "one of a, b", or empty
    std::string sentence;
    bool is_required = false;
  };
  /// In the order of declaration; call it before read(), while the targets hold the defaults.
  [[nodiscard]] std::vector<Entry> entries() const;
  [[nodiscard]] const std::string& section() const { return section_; }

 private:
  struct Option {
    std::string name, sentence;
    Target target;
    std::optional<double> least, most;
    std::vector<std::string> choices;
    std::string nested_type, nested_default;  // of an option without a target
    bool is_required = false;
  };
  void read_option(const Option& option, const ParamNode& value, std::vector<Error>& mistakes) const;
  Option& append(std::string name, Target target, std::string sentence);
  OptionSet& append_bounded(std::string name, Target target, double least, double most, std::string sentence);
  std::string section_;
  std::vector<Option> options_;
};

/// The candidate with the smallest edit distance, if any is near enough to be meant; else empty.
[[nodiscard]] std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace eddy

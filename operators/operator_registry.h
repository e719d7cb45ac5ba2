#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "operators/operator.h"
#include "operators/option_set.h"

namespace eddy {

/// How a kind of operator is made: once per graph it reads its settings, then it makes one instance per
/// shard.
class OperatorFactory {
 public:
  virtual ~OperatorFactory() = default;
  /// One sentence for `eddy check` and the documentation.
  [[nodiscard]] virtual std::string summary() const = 0;
  /// The settings that it takes; their targets are this factory's members.
  virtual OptionSet options() = 0;
  /// After options().read(): checks what no single option can see, and loads what all shards share.
  /// Appends mistakes; `node` gives places.
  virtual void prepare(const ParamNode& node, std::vector<Error>& mistakes) = 0;
  /// A fresh instance for one shard. Thread-safe.
  virtual Result<std::unique_ptr<Operator>> create(ShardId shard) = 0;
};

/// Names → factories. Built-in operators and plug-ins enter by the same door.
class OperatorRegistry {
 public:
  using MakeFactory = std::function<std::unique_ptr<OperatorFactory>()>;

  /// Error (user's): the name is taken.
  Result<void> add(std::string name, MakeFactory make);
  /// Null if there is no such operator.
  [[nodiscard]] std::unique_ptr<OperatorFactory> make(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::map<std::string, MakeFactory> factories_;
};

}  // namespace eddy

#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "pipeline/kafka/standby.h"
#include "pipeline/kafka/transactional_delivery.h"
#include "pipeline/sink.h"
#include "pipeline/source.h"

namespace eddy {

/// A source, and what transactions need of it.
struct WiredSource {
  std::unique_ptr<Source> source;
  std::shared_ptr<const GroupMembership> membership;  ///< null: it is not Kafka's
};

/// The source that the settings describe, not opened yet.
Result<WiredSource> make_source(const Settings& settings);

/// exactly_once: where a shard's transactions go.
[[nodiscard]] TransactionalDeliveryOptions delivery_options(const Settings& settings);

/// Where warm copies of other members' shards are read.
[[nodiscard]] StandbyOptions standby_options(const Settings& settings);

/// The sinks by name, not opened yet.
std::map<std::string, std::shared_ptr<Sink>> make_sinks(const Settings& settings);

}  // namespace eddy

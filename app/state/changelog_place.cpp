#include "app/state/changelog_place.h"

#include "app/settings_file.h"
#include "pipeline/kafka/changelog_topic.h"
#include "pipeline/kafka/offset_queries.h"

namespace eddy {

Result<ChangelogPlace> find_changelog(const Settings& settings) {
  if (settings.delivery != "exactly_once") {
    return user_error("with " + settings.delivery +
                      " there is no changelog: a replay of the input into an empty state directory makes the "
                      "state anew");
  }
  EDDY_ASSIGN(const KafkaSourceOptions source, kafka_source(settings));
  ChangelogPlace place{source.cluster, settings.state.changelog};
  EDDY_ASSIGN(const auto queries, OffsetQueries::connect(place.cluster));
  EDDY_ASSIGN(place.partitions, queries->partitions({place.topic}));
  EDDY_ASSIGN(place.retention, changelog_retention(place.cluster, place.topic));
  return place;
}

}  // namespace eddy

#include "pipeline/pipeline_metrics.h"

namespace eddy {
namespace {

Histogram& stage(MetricRegistry& registry, const char* name) {
  return registry.histogram("eddy_stage_seconds", "Time of one batch in a stage of the graph.",
                            {{"stage", name}});
}

}  // namespace

PipelineMetrics::PipelineMetrics(MetricRegistry& registry)
    : consumed(registry.counter("eddy_records_consumed_total", "Records read from the sources.")),
      events(registry.counter("eddy_events_total", "Records that were decoded to events.")),
      dead_letters(registry.counter("eddy_dead_letters_total", "Records refused and put aside.")),
      refreshes(
          registry.counter("eddy_refreshes_total", "Events after which a user's scores were computed.")),
      outputs(registry.counter("eddy_outputs_total", "Messages handed to sinks.")),
      commits(registry.counter("eddy_commits_total", "Units of commit that are in the store.")),
      profile_hits(registry.counter("eddy_hot_profile_hits_total", "Profiles found decoded in memory.")),
      profile_misses(registry.counter("eddy_hot_profile_misses_total", "Profiles looked up in the store.")),
      records_stage(stage(registry, "records")),
      profiles_stage(stage(registry, "profiles")),
      outputs_stage(stage(registry, "outputs")),
      refresh_latency(
          registry.histogram("eddy_refresh_latency_seconds",
                             "From the arrival of a batch's oldest record to the end of its refresh.")),
      commit_time(registry.histogram("eddy_commit_seconds",
                                     "Time of one commit: sinks acknowledged, store written.")),
      in_flight_bytes(registry.gauge("eddy_in_flight_bytes", "Bytes read and not yet committed.")),
      lag(registry.gauge("eddy_lag_records", "Records in the sources that are not read yet.")),
      retries(registry.counter("eddy_source_retries_total",
                               "Failures of a source that it was polled again after.")),
      shards(registry.gauge("eddy_shards", "Shards that this process owns.")),
      shard_restarts(registry.counter("eddy_shard_restarts_total",
                                      "Shards that gave their unit up and began again at the last commit.")),
      sweeps_begun(registry.counter("eddy_sweeps_begun_total",
                                    "Shards that began to refresh their profiles for a new model.")),
      sweeps_ended(registry.counter("eddy_sweeps_ended_total", "Shards that came to an end with that.")),
      swept_profiles(registry.counter("eddy_swept_profiles_total", "Profiles that sweeps have gone over.")) {}

}  // namespace eddy

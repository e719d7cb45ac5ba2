#pragma once

#include "base/metric.h"

namespace eddy {

/// What a pipeline counts, under Prometheus names. The references live as long as the registry.
struct PipelineMetrics {
  explicit PipelineMetrics(MetricRegistry& registry);

  Counter& consumed;         ///< eddy_records_consumed_total
  Counter& events;           ///< eddy_events_total: records that were decoded
  Counter& dead_letters;     ///< eddy_dead_letters_total
  Counter& refreshes;        ///< eddy_refreshes_total
  Counter& outputs;          ///< eddy_outputs_total
  Counter& commits;          ///< eddy_commits_total
  Counter& profile_hits;     ///< eddy_hot_profile_hits_total
  Counter& profile_misses;   ///< eddy_hot_profile_misses_total
  Histogram& records_stage;  ///< eddy_stage_seconds{stage="records"}: one batch through it
  Histogram& profiles_stage;
  Histogram& outputs_stage;
  Histogram& refresh_latency;  ///< eddy_refresh_latency_seconds: from the oldest record's arrival to its
                               ///< batch's refresh
  Histogram& commit_time;      ///< eddy_commit_seconds
  Gauge& in_flight_bytes;      ///< eddy_in_flight_bytes
  Gauge& lag;                  ///< eddy_lag_records
  Counter& retries;            ///< eddy_source_retries_total
  Gauge& shards;               ///< eddy_shards
  Counter& shard_restarts;     ///< eddy_shard_restarts_total
  Counter& sweeps_begun;       ///< eddy_sweeps_begun_total
  Counter& sweeps_ended;       ///< eddy_sweeps_ended_total
  Counter& swept_profiles;     ///< eddy_swept_profiles_total
};

}  // namespace eddy

#include "base/metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MetricRegistry, same_name_and_labels_give_the_same_metric) {
  MetricRegistry registry;
  Counter& first = registry.counter("eddy_events_total", "Events.", {{"topic", "web"}, {"shard", "1"}});
  Counter& same = registry.counter("eddy_events_total", "Events.", {{"shard", "1"}, {"topic", "web"}});
  Counter& other = registry.counter("eddy_events_total", "Events.", {{"shard", "2"}, {"topic", "web"}});
  EXPECT_EQ(&first, &same);
  EXPECT_NE(&first, &other);
  first.add(2);
  same.add();
  EXPECT_EQ(first.value(), 3);
  EXPECT_EQ(other.value(), 0);
}

TEST(MetricRegistry, text_has_values_help_and_labels) {
  MetricRegistry registry;
  registry.counter("eddy_events_total", "Events read.", {{"topic", "we\"b\n"}}).add(7);
  registry.gauge("eddy_lag_records", "Records behind.").set(-1.5);
  registry.histogram("eddy_commit_seconds", "Time of a commit.").observe(0.003);
  const std::string text = registry.text();
  EXPECT_THAT(text, HasSubstr("# HELP eddy_events_total Events read."));
  EXPECT_THAT(text, HasSubstr("# TYPE eddy_events_total counter"));
  EXPECT_THAT(text, HasSubstr("eddy_events_total{topic=\"we\\\"b\\n\"} 7"));
  EXPECT_THAT(text, HasSubstr("eddy_lag_records -1.5"));
  EXPECT_THAT(text, HasSubstr("eddy_commit_seconds_bucket{le=\"0.002\"} 0"));
  EXPECT_THAT(text, HasSubstr("eddy_commit_seconds_bucket{le=\"0.005\"} 1"));
  EXPECT_THAT(text, HasSubstr("eddy_commit_seconds_count 1"));
  EXPECT_THAT(text, Not(HasSubstr("eddy_metrics_refused_total")));
}

TEST(MetricRegistry, metric_with_an_unusable_name_works_unseen_and_is_counted) {
  MetricRegistry registry;
  registry.counter("eddy_things", "Things.").add();
  Gauge& clash = registry.gauge("eddy_things", "The same name, another kind.");
  clash.set(4);
  EXPECT_EQ(clash.value(), 4);
  Counter& invalid = registry.counter("no prometheus name", "Spaces are not allowed.");
  invalid.add(3);
  EXPECT_EQ(invalid.value(), 3);
  const std::string text = registry.text();
  EXPECT_THAT(text, HasSubstr("eddy_things 1"));
  EXPECT_THAT(text, HasSubstr("eddy_metrics_refused_total 2"));
  EXPECT_THAT(text, Not(HasSubstr("no prometheus name")));
}

TEST(MetricRegistry, counts_of_many_threads_add_up) {
  MetricRegistry registry;
  constexpr int kThreads = 4;
  constexpr int kTimes = 5000;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&registry] {
      for (int i = 0; i < kTimes; ++i) {
        registry.counter("eddy_events_total", "Events.", {{"shard", std::to_string(i % 3)}}).add();
      }
    });
  }
  threads.clear();
  double sum = 0;
  for (int shard = 0; shard < 3; ++shard) {
    sum += registry.counter("eddy_events_total", "Events.", {{"shard", std::to_string(shard)}}).value();
  }
  EXPECT_EQ(sum, kThreads * kTimes);
}

}  // namespace
}  // namespace eddy

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eddy {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// Only grows. Thread-safe.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double amount = 1) = 0;
  [[nodiscard]] virtual double value() const = 0;
};

/// Goes up and down. Thread-safe.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
  [[nodiscard]] virtual double value() const = 0;
};

/// Counts observations in buckets; for times, in seconds. Thread-safe.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) = 0;
};

/// All metrics of a process. Names are Prometheus names with base units ("eddy_commit_seconds"); labels never
/// hold the identity of a user. The returned references live as long as the registry; the same name and
/// labels give the same one. Thread-safe; look metrics up once, not per event.
class MetricRegistry {
 public:
  MetricRegistry();
  ~MetricRegistry();
  MetricRegistry(const MetricRegistry&) = delete;
  MetricRegistry& operator=(const MetricRegistry&) = delete;

  Counter& counter(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  /// Buckets from 100 µs to 100 s, as fits times in seconds.
  Histogram& histogram(const std::string& name, const std::string& help, const MetricLabels& labels = {});

  /// Prometheus text exposition format.
  [[nodiscard]] std::string text() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

#include "base/metric.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <map>
#include <memory>
#include <sstream>
#include <tuple>
#include <variant>

#include "base/annotated_mutex.h"

namespace eddy {
namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void add(double amount) override { counter_.Increment(amount); }
  [[nodiscard]] double value() const override { return counter_.Value(); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void set(double value) override { gauge_.Set(value); }
  [[nodiscard]] double value() const override { return gauge_.Value(); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

/// 100 µs to 100 s, three buckets a decade.
prometheus::Histogram::BucketBoundaries time_buckets() {
  return {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
          0.2,    0.5,    1,      2,     5,     10,    20,   50,   100};
}

prometheus::Labels to_prometheus(const MetricLabels& labels) {
  return {labels.begin(), labels.end()};
}

constexpr const char* kRefusedName = "eddy_metrics_refused_total";

}  // namespace

class MetricRegistry::Impl {
 public:
  /// `make` registers with prometheus-cpp, which throws for a name that is no Prometheus name or that another
  /// kind of metric has. Names are written by programmers, but also by plug-ins: such a metric works, is not
  /// shown, and is counted where an operator sees it.
  template <class Wrapper, class Interface, class Make>
  Interface& get(char kind, const std::string& name, const MetricLabels& labels, Make make) {
    const MutexLock lock(mutex_);
    const auto key = std::make_tuple(kind, name, to_prometheus(labels));
    if (const auto found = metrics_.find(key); found != metrics_.end()) {
      return *std::get<std::unique_ptr<Interface>>(found->second);
    }
    std::unique_ptr<Interface> metric;
    try {
      metric = std::make_unique<Wrapper>(make(shown_, name, std::get<2>(key)));
    } catch (const std::exception&) {
      refused().Increment();
      const std::string unseen_name = "unseen_" + std::to_string(metrics_.size());
      metric = std::make_unique<Wrapper>(make(unseen_, unseen_name, {}));
    }
    Interface& result = *metric;
    metrics_.emplace(key, std::move(metric));
    return result;
  }

  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, shown_.Collect());
    return out.str();
  }

 private:
  using AnyMetric =
      std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>>;

  prometheus::Counter& refused() EDDY_REQUIRES(mutex_) {
    return prometheus::BuildCounter()
        .Name(kRefusedName)
        .Help(
            "Metrics that are not shown: the name or a label is invalid, or another kind of metric has the "
            "name.")
        .Register(shown_)
        .Add({});
  }

  prometheus::Registry shown_{prometheus::Registry::InsertBehavior::Merge};
  prometheus::Registry unseen_{prometheus::Registry::InsertBehavior::Merge};
  Mutex mutex_;
  std::map<std::tuple<char, std::string, prometheus::Labels>, AnyMetric> metrics_ EDDY_GUARDED_BY(mutex_);
};

MetricRegistry::MetricRegistry() : impl_(std::make_unique<Impl>()) {}
MetricRegistry::~MetricRegistry() = default;

Counter& MetricRegistry::counter(const std::string& name, const std::string& help,
                                 const MetricLabels& labels) {
  return impl_->get<PrometheusCounter, Counter>(
      'c', name, labels,
      [&](prometheus::Registry& registry, const std::string& shown_name,
          const prometheus::Labels& shown_labels) -> prometheus::Counter& {
        return prometheus::BuildCounter().Name(shown_name).Help(help).Register(registry).Add(shown_labels);
      });
}

Gauge& MetricRegistry::gauge(const std::string& name, const std::string& help, const MetricLabels& labels) {
  return impl_->get<PrometheusGauge, Gauge>(
      'g', name, labels,
      [&](prometheus::Registry& registry, const std::string& shown_name,
          const prometheus::Labels& shown_labels) -> prometheus::Gauge& {
        return prometheus::BuildGauge().Name(shown_name).Help(help).Register(registry).Add(shown_labels);
      });
}

Histogram& MetricRegistry::histogram(const std::string& name, const std::string& help,
                                     const MetricLabels& labels) {
  return impl_->get<PrometheusHistogram, Histogram>(
      'h', name, labels,
      [&](prometheus::Registry& registry, const std::string& shown_name,
          const prometheus::Labels& shown_labels) -> prometheus::Histogram& {
        return prometheus::BuildHistogram()
            .Name(shown_name)
            .Help(help)
            .Register(registry)
            .Add(shown_labels, time_buckets());
      });
}

std::string MetricRegistry::text() const {
  return impl_->text();
}

}  // namespace eddy

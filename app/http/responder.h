#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "app/http/http_options.h"
#include "app/http/recommendation_queries.h"
#include "base/metric.h"

namespace eddy {

/// A whole answer.
struct HttpAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
};

/// The answer is a stream of the user's best `k` items.
struct StreamAnswer {
  UserId user;
  std::size_t k = 0;
};

/// Which request gets which answer; knows no socket. Thread-safe.
///
///     GET /v1/users/{user}/recommendations?k=3         JSON (app/http/recommendation_json.h)
///     GET /v1/users/{user}/recommendations/stream?k=3  server-sent events, each of that JSON
///     GET /metrics                                     Prometheus text
///     GET /livez  /readyz                              200, or 503 with the reason
class Responder {
 public:
  /// The arguments outlive it; `metrics` are shown at /metrics.
  Responder(const HttpOptions& options, RecommendationQueries& queries, const MetricRegistry& metrics)
      : options_(options), queries_(queries), metrics_(metrics) {}

  /// `method` as in the request line. Never throws.
  [[nodiscard]] std::variant<HttpAnswer, StreamAnswer> answer(std::string_view method,
                                                              std::string_view target) noexcept;

  /// What is recommended to the user now, for a stream's first event: JSON; empty if the user is unknown or
  /// the pipeline cannot tell now. Never throws.
  [[nodiscard]] std::string current(const StreamAnswer& stream) noexcept;

 private:
  std::variant<HttpAnswer, StreamAnswer> route(std::string_view method, std::string_view target);
  HttpAnswer recommendations(const UserId& user, std::size_t k);
  HttpAnswer readiness() const;

  const HttpOptions& options_;
  RecommendationQueries& queries_;
  const MetricRegistry& metrics_;
};

/// {"error":"…"} with a status.
[[nodiscard]] HttpAnswer error_answer(int status, std::string_view message);

}  // namespace eddy

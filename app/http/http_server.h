#pragma once

#include <cstdint>
#include <memory>

#include "app/http/http_options.h"
#include "app/http/recommendation_queries.h"
#include "app/http/score_stream.h"
#include "base/metric.h"
#include "base/result.h"

namespace eddy {

/// Serves recommendations, their stream, metrics and health (app/http/responder.h) on threads of its own.
///
///     start() → stop()      each may be called twice; a stopped server is not started again
class HttpServer {
 public:
  /// The references outlive the server.
  HttpServer(HttpOptions options, RecommendationQueries& queries, ScoreStream& stream,
             MetricRegistry& metrics);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens and serves from now on. Error (user's): the address is unknown here, or the port is taken or
  /// forbidden.
  Result<void> start();

  /// Closes all connections, streams included, and returns when no thread of the server runs any more.
  void stop();

  /// Where it listens; 0 before start().
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "app/http/http_server.h"
#include "unit/http/fake_queries.h"
#include "unit/http/http_client.h"

namespace eddy {

/// A server on a free port of 127.0.0.1, and what it serves.
class HttpTest : public testing::Test {
 protected:
  /// Options are set before.
  void start() {
    options_.port = 0;
    server_ = std::make_unique<HttpServer>(options_, queries_, stream_, metrics_);
    const Result<void> started = server_->start();
    ASSERT_TRUE(started) << started.error().message;
    ASSERT_NE(server_->port(), 0);
  }

  void refresh(const UserRecommendations& news) {
    stream_.refreshed(news.user, news.event, news.time, news.recommendation);
  }

  /// A client whose stream has begun: header and first state or comment are read.
  std::unique_ptr<HttpClient> listen_to(const std::string& user, const std::string& query = "",
                                        int buffer_bytes = 0) {
    auto client = std::make_unique<HttpClient>(server_->port(), buffer_bytes);
    client->send("GET /v1/users/" + user + "/recommendations/stream" + query +
                 " HTTP/1.1\r\nHost: eddy\r\n\r\n");
    EXPECT_THAT(client->read_until("\r\n\r\n"), testing::HasSubstr("Content-Type: text/event-stream"));
    first_event_ = client->read_until("\n\n");
    return client;
  }

  double metric(const std::string& name) { return metrics_.counter(name, "").value(); }

  HttpOptions options_;
  FakeQueries queries_;
  ScoreStream stream_;
  MetricRegistry metrics_;
  std::unique_ptr<HttpServer> server_;
  std::string first_event_;
};

}  // namespace eddy

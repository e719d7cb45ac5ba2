#include "app/http/http_server.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "unit/http/http_fixture.h"

namespace eddy {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class HttpServerTest : public HttpTest {
 protected:
  void SetUp() override {
    queries_.set(
        recommendations_of("ann", "e-1", {{"car", 0.9F}, {"house", 0.5F}, {"boat", 0.1F}, {"dog", 0.05F}}));
  }
};

TEST_F(HttpServerTest, answers_with_the_best_items) {
  start();
  HttpClient client(server_->port());
  const std::string answer = client.get("/v1/users/ann/recommendations?k=2");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(answer,
              EndsWith("\r\n\r\n{\"user\":\"ann\",\"event\":\"e-1\",\"time\":\"2023-11-14T22:13:20.250Z\","
                       "\"model\":\"popular@1\",\"items\":[{\"item\":\"car\",\"score\":0.9},"
                       "{\"item\":\"house\",\"score\":0.5}]}\n"));
  EXPECT_THAT(client.get("/v1/users/ann/recommendations"), HasSubstr("\"boat\",\"score\":0.1}]"));
  EXPECT_THAT(client.get("/v1/users/ann/recommendations?k=100"), HasSubstr("\"dog\""));
}

TEST_F(HttpServerTest, users_name_is_percent_decoded) {
  queries_.set(recommendations_of("a/b c+d\xC3\xA9", "", {{"car", 0.9F}}));
  start();
  HttpClient client(server_->port());
  EXPECT_THAT(client.get("/v1/users/a%2Fb%20c+d%c3%A9/recommendations"),
              HasSubstr("\"user\":\"a/b c+d\xC3\xA9\""));
}

TEST_F(HttpServerTest, wrong_requests_are_refused_and_the_connection_goes_on) {
  start();
  HttpClient client(server_->port());
  EXPECT_THAT(client.get("/v1/users/bob/recommendations"), StartsWith("HTTP/1.1 404 "));
  for (const char* k : {"0", "101", "-1", "3x", "", "1e2", "99999999999999999999", "%33%"}) {
    EXPECT_THAT(client.get(std::string("/v1/users/ann/recommendations?k=") + k), StartsWith("HTTP/1.1 400 "))
        << k;
  }
  EXPECT_THAT(client.get("/v1/users/a%zz/recommendations"), StartsWith("HTTP/1.1 400 "));
  for (const char* path :
       {"/", "//", "/v1", "/v1/users", "/v1/users/ann", "/v1/users//recommendations", "/livez/x",
        "/v1/users/ann/recommendations/stream/more", "/v2/users/ann/recommendations"}) {
    EXPECT_THAT(client.get(path), StartsWith("HTTP/1.1 404 ")) << path;
  }
  client.send("DELETE /v1/users/ann/recommendations HTTP/1.1\r\nHost: eddy\r\n\r\n");
  const std::string refused = client.read_answer();
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(refused, HasSubstr("Allow: GET, HEAD\r\n"));
  EXPECT_THAT(client.get("/livez"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, failures_behind_the_queries_are_this_requests_alone) {
  start();
  HttpClient client(server_->port());
  const std::string failed = client.get("/v1/users/fails/recommendations");
  EXPECT_THAT(failed, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(failed, HasSubstr("the disk is on fire"));
  EXPECT_THAT(client.get("/v1/users/throws/recommendations"), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(client.get("/v1/users/ann/recommendations"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, head_has_the_size_and_no_body) {
  start();
  HttpClient client(server_->port());
  client.send("HEAD /livez HTTP/1.1\r\nHost: eddy\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: 6\r\n"));
  EXPECT_THAT(client.get("/livez"), EndsWith("\r\n\r\nalive\n"));  // nothing was left over
}

TEST_F(HttpServerTest, requests_sent_at_once_are_answered_in_order) {
  start();
  HttpClient client(server_->port());
  std::string requests;
  for (int i = 1; i <= 20; ++i) {
    requests += "GET /v1/users/ann/recommendations?k=" + std::to_string(i % 4 + 1) +
                " HTTP/1.1\r\nHost: eddy\r\n\r\n";
  }
  ASSERT_TRUE(client.send(requests));
  for (int i = 1; i <= 20; ++i) {
    const std::string answer = client.read_answer();
    EXPECT_EQ(std::count(answer.begin(), answer.end(), '{'), i % 4 + 2);
  }
}

TEST_F(HttpServerTest, old_clients_connection_is_closed_after_its_answer) {
  start();
  HttpClient client(server_->port());
  client.send("GET /livez HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("alive\n"));
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(HttpServerTest, readiness_has_its_reason) {
  queries_.set_readiness({false, "shard 3 is being restored"});
  start();
  HttpClient client(server_->port());
  const std::string answer = client.get("/readyz");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr("shard 3 is being restored"));
  EXPECT_THAT(client.get("/livez"), StartsWith("HTTP/1.1 200 "));
  queries_.set_readiness({true, ""});
  EXPECT_THAT(client.get("/readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, metrics_are_prometheus_text) {
  metrics_.counter("eddy_things_total", "Things.").add(5);
  start();
  HttpClient client(server_->port());
  client.get("/nowhere");
  const std::string answer = client.get("/metrics");
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  EXPECT_THAT(answer, HasSubstr("eddy_things_total 5"));
  EXPECT_THAT(answer, HasSubstr("eddy_http_requests_total{status=\"404\"} 1"));
}

TEST_F(HttpServerTest, serves_many_clients_at_once) {
  start();
  std::vector<std::jthread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int c = 0; c < 5; ++c) {
        HttpClient client(server_->port());
        for (int i = 0; i < 20; ++i) {
          if (client.get("/v1/users/ann/recommendations").starts_with("HTTP/1.1 200 ")) ++right;
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(right, 8 * 5 * 20);
}

TEST_F(HttpServerTest, starts_and_stops_twice) {
  start();
  EXPECT_TRUE(server_->start());
  HttpClient client(server_->port());
  EXPECT_THAT(client.get("/livez"), StartsWith("HTTP/1.1 200 "));
  server_->stop();
  server_->stop();
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(HttpServerTest, never_started_server_stops) {
  server_ = std::make_unique<HttpServer>(options_, queries_, stream_, metrics_);
  server_->stop();
  EXPECT_EQ(server_->port(), 0);
}

TEST_F(HttpServerTest, place_that_cannot_be_listened_at_is_named) {
  start();
  HttpOptions taken;
  taken.port = server_->port();
  HttpServer second(taken, queries_, stream_, metrics_);
  const Result<void> refused = second.start();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kUser);
  EXPECT_EQ(refused.error().where, "127.0.0.1:" + std::to_string(taken.port));
  HttpOptions named;
  named.address = "no such name";
  HttpServer third(named, queries_, stream_, metrics_);
  EXPECT_FALSE(third.start());
}

}  // namespace
}  // namespace eddy

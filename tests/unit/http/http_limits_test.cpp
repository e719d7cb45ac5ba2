// What a clumsy or hostile client can cost.
#include "fakes/eventually.h"
#include "unit/http/http_fixture.h"

namespace eddy {
namespace {

using testing::StartsWith;

class HttpLimitsTest : public HttpTest {
 protected:
  void expect_alive() {
    HttpClient client(server_->port());
    EXPECT_THAT(client.get("/livez"), StartsWith("HTTP/1.1 200 "));
  }
};

TEST_F(HttpLimitsTest, nonsense_is_refused_and_closed) {
  start();
  const std::vector<std::string> nonsense{"hello\r\n\r\n",
                                          std::string("\0\1\2\3\r\n\r\n", 8),
                                          "GET / HTTP/9.9\r\n\r\n",
                                          "GET /a b HTTP/1.1\r\n\r\n",
                                          "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                                          "GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                                          "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"};
  for (const std::string& request : nonsense) {
    HttpClient client(server_->port());
    client.send(request);
    EXPECT_THAT(client.read_until("\r\n"), StartsWith("HTTP/1.1 400 ")) << request;
    EXPECT_TRUE(client.is_closed_by_server()) << request;
  }
  expect_alive();
}

TEST_F(HttpLimitsTest, large_header_is_refused) {
  options_.max_header_bytes = 1024;
  start();
  HttpClient client(server_->port());
  client.send("GET /livez HTTP/1.1\r\nCookie: " + std::string(5000, 'c') + "\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n"), StartsWith("HTTP/1.1 431 "));
  EXPECT_TRUE(client.is_closed_by_server());
  expect_alive();
}

TEST_F(HttpLimitsTest, large_body_is_refused) {
  options_.max_body_bytes = 100;
  start();
  HttpClient client(server_->port());
  client.send("GET /livez HTTP/1.1\r\nContent-Length: 100000000\r\n\r\nxxx");
  EXPECT_THAT(client.read_until("\r\n"), StartsWith("HTTP/1.1 413 "));
  EXPECT_TRUE(client.is_closed_by_server());
  HttpClient modest(server_->port());
  modest.send("GET /livez HTTP/1.1\r\nContent-Length: 3\r\n\r\nxxx");
  EXPECT_THAT(modest.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpLimitsTest, silent_client_is_left) {
  options_.idle_timeout = std::chrono::milliseconds(50);
  start();
  HttpClient silent(server_->port());
  HttpClient half(server_->port());
  half.send("GET /live");
  EXPECT_TRUE(silent.is_closed_by_server());
  EXPECT_TRUE(half.is_closed_by_server());
  expect_alive();
}

TEST_F(HttpLimitsTest, more_clients_than_allowed_are_closed_at_once) {
  options_.max_connections = 2;
  start();
  HttpClient first(server_->port());
  auto second = std::make_unique<HttpClient>(server_->port());
  EXPECT_THAT(first.get("/livez"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(second->get("/livez"), StartsWith("HTTP/1.1 200 "));
  HttpClient third(server_->port());
  EXPECT_TRUE(third.is_closed_by_server());
  EXPECT_EQ(metric("eddy_http_refused_connections_total"), 1);
  EXPECT_THAT(first.get("/livez"), StartsWith("HTTP/1.1 200 "));
  second.reset();
  // A place is free as soon as the server has seen the second leave.
  EXPECT_TRUE(
      eventually([&] { return HttpClient(server_->port()).get("/livez").starts_with("HTTP/1.1 200 "); }));
}

TEST_F(HttpLimitsTest, client_that_never_reads_its_answers_does_not_stop_the_others) {
  options_.idle_timeout = std::chrono::milliseconds(200);
  start();
  HttpClient client(server_->port(), 2048);
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += "GET /metrics HTTP/1.1\r\nHost: eddy\r\n\r\n";
  client.send(requests);
  expect_alive();
}

}  // namespace
}  // namespace eddy

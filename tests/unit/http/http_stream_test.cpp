// Real readers of /v1/users/{user}/recommendations/stream: quick, slow, many, and gone.
#include <atomic>
#include <thread>

#include "fakes/eventually.h"
#include "unit/http/http_fixture.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HttpStreamTest : public HttpTest {};

std::vector<std::pair<std::string, float>> large_ranking() {
  std::vector<std::pair<std::string, float>> items;
  for (int i = 0; i < 100; ++i) items.emplace_back(std::string(200, 'x') + std::to_string(i), 0.5F);
  return items;
}

TEST_F(HttpStreamTest, begins_with_the_state_and_goes_on_with_each_refresh) {
  queries_.set(recommendations_of("ann", "e-1", {{"car", 0.9F}}));
  start();
  const auto client = listen_to("ann", "?k=1");
  EXPECT_THAT(first_event_, StartsWith("event: recommendations\ndata: {\"user\":\"ann\""));
  EXPECT_THAT(first_event_, HasSubstr("{\"item\":\"car\",\"score\":0.9}"));
  for (int i = 2; i < 30; ++i) {
    const std::string event = "e-" + std::to_string(i);
    refresh(recommendations_of("ann", event, {{"boat", 0.5F}, {"house", 0.25F}}));
    refresh(recommendations_of("bob", "not for ann", {{"car", 1.0F}}));
    const std::string news = client->read_until("\n\n");
    EXPECT_THAT(news, StartsWith("event: recommendations\nid: " + event + "\ndata: {\"user\":\"ann\""));
    EXPECT_THAT(news, HasSubstr("\"items\":[{\"item\":\"boat\",\"score\":0.5}]}\n\n"));
  }
}

TEST_F(HttpStreamTest, unknown_user_can_be_waited_for) {
  start();
  const auto client = listen_to("first-time-caller");
  EXPECT_THAT(first_event_, StartsWith(": "));
  refresh(recommendations_of("first-time-caller", "e-1", {{"car", 0.9F}}));
  EXPECT_THAT(client->read_until("\n\n"), HasSubstr("\"car\""));
}

TEST_F(HttpStreamTest, failing_query_leaves_the_stream_open) {
  start();
  for (const char* user : {"fails", "throws"}) {
    const auto client = listen_to(user);
    EXPECT_THAT(first_event_, StartsWith(": "));
    refresh(recommendations_of(user, "e-1", {{"car", 0.9F}}));
    EXPECT_THAT(client->read_until("\n\n"), HasSubstr("\"car\""));
  }
}

TEST_F(HttpStreamTest, strange_event_ids_cannot_forge_events) {
  start();
  const auto client = listen_to("ann");
  refresh(recommendations_of("ann", "e\n\nevent: forged", {{"car\n\n", 0.9F}}));
  const std::string news = client->read_until("\n\n");
  EXPECT_THAT(news, Not(HasSubstr("id:")));
  EXPECT_THAT(news, HasSubstr("\"car\\n\\n\""));
  refresh(recommendations_of("ann", "e-2", {{"car", 0.9F}}));
  EXPECT_THAT(client->read_until("\n\n"), HasSubstr("id: e-2\n"));
}

TEST_F(HttpStreamTest, quiet_stream_has_heartbeats) {
  options_.heartbeat = std::chrono::milliseconds(10);
  start();
  const auto client = listen_to("ann");
  EXPECT_EQ(client->read_until("\n\n"), ": heartbeat\n\n");
  EXPECT_EQ(client->read_until("\n\n"), ": heartbeat\n\n");
}

TEST_F(HttpStreamTest, slow_reader_is_dropped_and_the_quick_one_misses_nothing) {
  options_.max_pending_events = 4;
  options_.stream_send_buffer_bytes = 4096;
  start();
  const auto slow = listen_to("ann", "?k=100", 2048);
  const auto quick = listen_to("ann", "?k=100");
  const auto ranking = large_ranking();
  int told = 0;
  while (metric("eddy_http_dropped_streams_total") == 0 && told < 10'000) {
    const std::string event = "e-" + std::to_string(++told);
    refresh(recommendations_of("ann", event, ranking));
    ASSERT_THAT(quick->read_until("\n\n"), HasSubstr("id: " + event + "\n"));
  }
  EXPECT_EQ(metric("eddy_http_dropped_streams_total"), 1);
  EXPECT_TRUE(slow->is_closed_by_server());
  refresh(recommendations_of("ann", "last", ranking));
  EXPECT_THAT(quick->read_until("\n\n"), HasSubstr("id: last\n"));
}

TEST_F(HttpStreamTest, stuck_reader_is_found_by_the_heartbeat) {
  options_.max_pending_events = 1000;
  options_.stream_send_buffer_bytes = 4096;
  options_.heartbeat = std::chrono::milliseconds(20);
  start();
  const auto stuck = listen_to("ann", "?k=100", 2048);
  for (int i = 0; i < 20; ++i) refresh(recommendations_of("ann", "e", large_ranking()));
  EXPECT_TRUE(eventually([&] { return metric("eddy_http_dropped_streams_total") == 1; }));
  EXPECT_TRUE(eventually([&] { return !stream_.wants(UserId("ann")); }));
}

TEST_F(HttpStreamTest, many_listeners_hear_of_their_own_user) {
  start();
  constexpr int kUsers = 20;
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(listen_to("user-" + std::to_string(i % kUsers)));
  std::vector<std::jthread> shards;
  for (int shard = 0; shard < 4; ++shard) {
    shards.emplace_back([this, shard] {
      for (int user = shard; user < kUsers; user += 4) {
        for (int i = 0; i < 5; ++i) {
          refresh(recommendations_of("user-" + std::to_string(user), std::to_string(i), {{"car", 0.9F}}));
        }
      }
    });
  }
  shards.clear();
  for (int c = 0; c < 200; ++c) {
    for (int i = 0; i < 5; ++i) {
      const std::string news = clients[c]->read_until("\n\n");
      EXPECT_THAT(news, HasSubstr("id: " + std::to_string(i) + "\n"));
      EXPECT_THAT(news, HasSubstr("\"user\":\"user-" + std::to_string(c % kUsers) + "\""));
    }
  }
  EXPECT_EQ(metric("eddy_http_dropped_streams_total"), 0);
}

TEST_F(HttpStreamTest, listener_that_leaves_is_forgotten) {
  start();
  auto client = listen_to("ann");
  EXPECT_TRUE(stream_.wants(UserId("ann")));
  client.reset();
  EXPECT_TRUE(eventually([&] { return !stream_.wants(UserId("ann")); }));
}

TEST_F(HttpStreamTest, server_stops_while_streams_are_busy) {
  start();
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(listen_to("ann", "", i % 2 == 0 ? 2048 : 0));
  std::atomic<bool> is_over{false};
  std::atomic<int> told{0};
  std::jthread shard([&] {
    while (!is_over) {
      refresh(recommendations_of("ann", "e", large_ranking()));
      ++told;
    }
  });
  EXPECT_TRUE(eventually([&] { return told > 10; }));
  server_->stop();
  EXPECT_FALSE(stream_.wants(UserId("ann")));
  server_.reset();
  const int before = told;
  EXPECT_TRUE(eventually([&] { return told > before + 10; }));
  is_over = true;
  shard.join();
  for (const auto& client : clients) EXPECT_TRUE(client->is_closed_by_server());
}

}  // namespace
}  // namespace eddy

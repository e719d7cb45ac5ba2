#pragma once

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/error.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "app/http/http_core.h"

namespace eddy {

/// One client that listens to a user: text/event-stream, first the state as it is, then each refresh as it
/// happens, and a comment now and then so that both sides notice when the other is gone.
///
///     : heartbeat                     event: recommendations
///                                     id: e-17                      (the causing event, where known)
///                                     data: {"user":"ann",…}        (app/http/recommendation_json.h)
///
/// A refresh that happens while the first state is read may be told twice. A reader that falls
/// `max_pending_events` behind, or takes nothing for a heartbeat, is dropped: it may come back and starts
/// with the state as it is then. deliver() comes from any thread; everything else runs on the socket's
/// strand.
class EventStream final : public Closable,
                          public StreamSubscriber,
                          public std::enable_shared_from_this<EventStream> {
 public:
  EventStream(boost::asio::ip::tcp::socket socket, HttpCore& core, ConnectionTable::Place place,
              StreamAnswer answer);
  ~EventStream() override;

  void start();
  void close() override;
  void deliver(const std::shared_ptr<const UserRecommendations>& news) noexcept override;

 private:
  void begin();
  struct Frame {
    std::string text;
    bool is_news;  // counted in pending_
  };
  void enqueue(std::string text, bool is_news);
  void write_next();
  void wait_for_end();
  void wait_for_heartbeat();
  void on_heartbeat();
  void drop();
  void finish();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer heartbeat_;
  HttpCore& core_;
  ConnectionTable::Place place_;
  const StreamAnswer answer_;

  std::atomic<std::size_t> pending_{0};  // delivered and not yet written
  std::atomic<bool> is_dropped_{false};

  std::deque<Frame> to_write_;  // the first one is being written
  std::uint64_t writes_ = 0;    // begun
  std::uint64_t writes_at_heartbeat_ = 0;
  std::array<char, 512> ignored_input_{};
  bool is_finished_ = false;
  ScoreStream::Subscription subscription_;  // last: ends before anything that deliver() uses
};

}  // namespace eddy

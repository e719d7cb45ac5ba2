#include "app/http/event_stream.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <utility>

#include "app/http/recommendation_json.h"

namespace eddy {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr const char* kHeader =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream\r\n"
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n"
    "\r\n";

/// An id is one line, and a NUL in it makes readers ignore it; such an id is left out.
bool is_valid_id(const std::string& id) {
  return !id.empty() && id.find_first_of(std::string("\r\n\0", 3)) == std::string::npos;
}

std::string event_text(const std::string& id, const std::string& json) {
  std::string text = "event: recommendations\n";
  if (is_valid_id(id)) text += "id: " + id + "\n";
  return text + "data: " + json + "\n\n";
}

}  // namespace

EventStream::EventStream(asio::ip::tcp::socket socket, HttpCore& core, ConnectionTable::Place place,
                         StreamAnswer answer)
    : socket_(std::move(socket)),
      heartbeat_(socket_.get_executor()),
      core_(core),
      place_(std::move(place)),
      answer_(std::move(answer)) {}

EventStream::~EventStream() {
  subscription_.end();
}

void EventStream::start() {
  if (!place_.hold(weak_from_this())) return;
  asio::dispatch(socket_.get_executor(), [self = shared_from_this()] { self->begin(); });
}

void EventStream::close() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->finish(); });
}

void EventStream::begin() {
  error_code ignored;
  if (core_.options.stream_send_buffer_bytes > 0) {
    socket_.set_option(asio::socket_base::send_buffer_size(core_.options.stream_send_buffer_bytes), ignored);
  }
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  enqueue(kHeader, false);
  // Listening comes first: no refresh falls between the state and the news.
  subscription_ = core_.stream.subscribe(answer_.user, *this);
  const std::string state = core_.responder.current(answer_);
  enqueue(state.empty() ? ": nothing is known of this user yet\n\n" : event_text({}, state), false);
  wait_for_end();
  wait_for_heartbeat();
}

void EventStream::deliver(const std::shared_ptr<const UserRecommendations>& news) noexcept {
  // Runs under the hub's lock, so it owns nothing: the last owner's destructor would wait for that lock.
  try {
    if (is_dropped_.load(std::memory_order_relaxed)) return;
    const bool is_full = pending_.fetch_add(1, std::memory_order_relaxed) >= core_.options.max_pending_events;
    if (is_full && is_dropped_.exchange(true)) return;
    asio::post(socket_.get_executor(), [weak = weak_from_this(), news, is_full] {
      const auto self = weak.lock();
      if (!self || self->is_finished_) return;
      if (is_full) return self->drop();
      self->enqueue(event_text(news->event.value(), recommendations_json(*news, self->answer_.k)), true);
    });
  } catch (const std::exception&) {
    // Out of memory. The heartbeat finds the stream dropped and closes it.
    is_dropped_.store(true);
  }
}

void EventStream::enqueue(std::string text, bool is_news) {
  to_write_.push_back({std::move(text), is_news});
  if (to_write_.size() == 1) write_next();
}

void EventStream::write_next() {
  ++writes_;
  asio::async_write(socket_, asio::buffer(to_write_.front().text),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      if (error || self->is_finished_) return self->finish();
                      if (self->to_write_.front().is_news) --self->pending_;
                      self->to_write_.pop_front();
                      if (!self->to_write_.empty()) self->write_next();
                    });
}

void EventStream::wait_for_end() {
  socket_.async_read_some(asio::buffer(ignored_input_),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            if (error || self->is_finished_) return self->finish();
                            self->wait_for_end();
                          });
}

void EventStream::wait_for_heartbeat() {
  heartbeat_.expires_after(core_.options.heartbeat);
  heartbeat_.async_wait([self = shared_from_this()](error_code error) {
    if (!error && !self->is_finished_) self->on_heartbeat();
  });
}

void EventStream::on_heartbeat() {
  const bool is_writing = !to_write_.empty();
  const bool is_stuck = is_writing && writes_ == writes_at_heartbeat_;
  if (is_stuck || is_dropped_.load()) return drop();
  if (!is_writing) enqueue(": heartbeat\n\n", false);
  writes_at_heartbeat_ = writes_;
  wait_for_heartbeat();
}

void EventStream::drop() {
  core_.dropped_streams.add();
  finish();
}

void EventStream::finish() {
  if (std::exchange(is_finished_, true)) return;
  subscription_.end();
  heartbeat_.cancel();
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace eddy

#include "app/http/connection.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "app/http/event_stream.h"

namespace eddy {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

Connection::Connection(asio::ip::tcp::socket socket, HttpCore& core, ConnectionTable::Place place)
    : stream_(std::move(socket)),
      core_(core),
      place_(std::move(place)),
      buffer_(core.options.max_header_bytes + core.options.max_body_bytes) {}

void Connection::start() {
  if (!place_.hold(weak_from_this())) return;
  asio::dispatch(stream_.get_executor(), beast::bind_front_handler(&Connection::read, shared_from_this()));
}

void Connection::close() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->stream_.close(); });
}

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_.options.max_header_bytes));
  parser_->body_limit(core_.options.max_body_bytes);
  stream_.expires_after(core_.options.idle_timeout);
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
}

void Connection::on_read(beast::error_code error) {
  if (error) return refuse(error);
  const auto request = parser_->release();
  const auto method = request.method_string();
  auto answer = core_.responder.answer({method.data(), method.size()},
                                       {request.target().data(), request.target().size()});
  if (const auto* stream = std::get_if<StreamAnswer>(&answer)) return become_stream(*stream);
  send(std::get<HttpAnswer>(std::move(answer)), request.keep_alive(), request.method() == http::verb::head);
}

void Connection::refuse(beast::error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return send(error_answer(431, "the request's header is too large"), false, false);
  }
  if (error == http::error::body_limit)
    return send(error_answer(413, "the request's body is too large"), false, false);
  const bool is_nonsense = error.category() == http::make_error_code(http::error::bad_target).category() &&
                           error != http::error::end_of_stream && error != http::error::partial_message;
  if (is_nonsense)
    return send(error_answer(400, "this is no HTTP request: " + error.message()), false, false);
  // The client left or fell silent, or the server stops.
  beast::error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
}

void Connection::send(HttpAnswer answer, bool keep_alive, bool without_body) {
  core_.count_request(answer.status);
  const auto set_up = [&](auto& message) {
    message.result(static_cast<unsigned>(answer.status));
    message.set(http::field::content_type, answer.content_type);
    message.set(http::field::cache_control, "no-store");
    message.set("X-Content-Type-Options", "nosniff");
    if (answer.status == 405) message.set(http::field::allow, "GET, HEAD");
    message.content_length(answer.body.size());
    message.keep_alive(keep_alive);
  };
  if (without_body) {
    auto message = std::make_shared<http::response<http::empty_body>>();
    set_up(*message);
    return write(std::move(message));
  }
  auto message = std::make_shared<http::response<http::string_body>>();
  set_up(*message);
  message->body() = std::move(answer.body);
  write(std::move(message));
}

template <class Message>
void Connection::write(std::shared_ptr<Message> message) {
  stream_.expires_after(core_.options.idle_timeout);
  Message& written = *message;
  http::async_write(
      stream_, written,
      [self = shared_from_this(), message = std::move(message)](beast::error_code error, std::size_t) {
        if (error) return;  // the client left: nobody is there to be told
        if (message->keep_alive()) return self->read();
        beast::error_code ignored;
        self->stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
      });
}

void Connection::become_stream(const StreamAnswer& answer) {
  core_.count_request(200);
  stream_.expires_never();
  std::make_shared<EventStream>(stream_.release_socket(), core_, std::move(place_), answer)->start();
}

}  // namespace eddy

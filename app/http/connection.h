#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "app/http/http_core.h"

namespace eddy {

/// One client that asks and is answered, until it leaves, is silent for too long, sends nonsense, or turns to
/// a stream.
///
///     read ──▶ answer ──▶ write ──▶ read …        stream asked for: the socket goes to an EventStream
///
/// Everything runs on the socket's strand.
class Connection final : public Closable, public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, HttpCore& core, ConnectionTable::Place place);

  void start();
  void close() override;

 private:
  void read();
  void on_read(boost::beast::error_code error);
  /// Answers a request that could not be read, if it is worth one.
  void refuse(boost::beast::error_code error);
  void send(HttpAnswer answer, bool keep_alive, bool without_body);
  template <class Message>
  void write(std::shared_ptr<Message> message);
  void become_stream(const StreamAnswer& answer);

  boost::beast::tcp_stream stream_;
  HttpCore& core_;
  ConnectionTable::Place place_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
};

}  // namespace eddy

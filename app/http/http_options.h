#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace eddy {

/// Where the HTTP server listens, and what it allows its clients.
struct HttpOptions {
  std::string address = "127.0.0.1";  ///< or a name; there is no access control, so think before opening it
  std::uint16_t port = 8080;          ///< 0: any free port (HttpServer::port() tells)
  std::size_t threads = 2;
  std::size_t max_connections = 1024;  ///< more are closed as they come
  std::size_t max_header_bytes = 8UL << 10;
  std::size_t max_body_bytes = 4UL << 10;  ///< no request needs a body
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
  std::size_t default_items = 3;  ///< recommendations per answer when the request gives no k
  std::size_t max_items = 100;
  std::size_t max_pending_events = 64;  ///< per stream; a reader that falls further behind is dropped
  std::chrono::milliseconds heartbeat = std::chrono::seconds(15);
  int stream_send_buffer_bytes = 64 << 10;  ///< of the socket of a stream; 0: the system's default
};

}  // namespace eddy

#pragma once

#include <cstdint>
#include <string>

namespace eddy {

/// A blocking HTTP client on a plain socket, as clumsy or hostile as a test wants it. Reading gives up after
/// ten seconds.
class HttpClient {
 public:
  /// `receive_buffer_bytes` 0: the system's default.
  explicit HttpClient(std::uint16_t port, int receive_buffer_bytes = 0);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// False if the server has closed.
  bool send(const std::string& bytes);
  /// Reads until `text` has come; gives all up to its end, and keeps the rest. Empty: it did not come.
  std::string read_until(const std::string& text);
  /// One whole answer with a Content-Length.
  std::string read_answer();
  /// Whether the server has closed, after what it still had to say was read away.
  bool is_closed_by_server();
  void close();

  /// Sends a GET and reads the answer.
  std::string get(const std::string& target);

 private:
  bool receive_more();

  int socket_ = -1;
  std::string received_;
};

}  // namespace eddy

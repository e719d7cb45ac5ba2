#include "unit/http/http_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace eddy {

HttpClient::HttpClient(std::uint16_t port, int receive_buffer_bytes) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_GE(socket_, 0);
  if (receive_buffer_bytes > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  }
  const timeval patience{10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

HttpClient::~HttpClient() {
  close();
}

void HttpClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool HttpClient::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

bool HttpClient::receive_more() {
  std::array<char, 65536> bytes;
  const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  received_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::string HttpClient::read_until(const std::string& text) {
  std::size_t at = received_.find(text);
  while (at == std::string::npos) {
    if (!receive_more()) return {};
    at = received_.find(text);
  }
  const std::string found = received_.substr(0, at + text.size());
  received_.erase(0, found.size());
  return found;
}

std::string HttpClient::read_answer() {
  const std::string header = read_until("\r\n\r\n");
  const std::string name = "Content-Length: ";
  const std::size_t at = header.find(name);
  if (at == std::string::npos) return header;
  const std::size_t size = std::strtoul(header.c_str() + at + name.size(), nullptr, 10);
  while (received_.size() < size) {
    if (!receive_more()) return {};
  }
  const std::string body = received_.substr(0, size);
  received_.erase(0, size);
  return header + body;
}

bool HttpClient::is_closed_by_server() {
  std::array<char, 65536> bytes;
  for (;;) {
    const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count == 0) return true;
    if (count < 0) return errno == ECONNRESET;
  }
}

std::string HttpClient::get(const std::string& target) {
  if (!send("GET " + target + " HTTP/1.1\r\nHost: eddy\r\n\r\n")) return {};
  return read_answer();
}

}  // namespace eddy

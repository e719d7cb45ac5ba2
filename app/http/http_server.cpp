#include "app/http/http_server.h"

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "app/http/connection.h"
#include "app/http/http_core.h"

namespace eddy {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = boost::asio::ip::tcp;

std::optional<ConnectionTable::Place> ConnectionTable::enter() {
  const MutexLock lock(mutex_);
  if (is_closed_ || holders_.size() >= limit_) return std::nullopt;
  const std::uint64_t id = next_id_++;
  holders_.emplace(id, std::weak_ptr<Closable>());
  return std::optional<Place>(std::in_place, *this, id);
}

void ConnectionTable::close_all() {
  std::vector<std::shared_ptr<Closable>> open;
  {
    const MutexLock lock(mutex_);
    is_closed_ = true;
    for (const auto& [id, holder] : holders_) {
      if (auto one = holder.lock()) open.push_back(std::move(one));
    }
  }
  for (const auto& one : open) one->close();
}

bool ConnectionTable::hold(std::uint64_t id, const std::weak_ptr<Closable>& holder) {
  const MutexLock lock(mutex_);
  holders_[id] = holder;
  return !is_closed_;
}

void ConnectionTable::leave(std::uint64_t id) {
  const MutexLock lock(mutex_);
  holders_.erase(id);
}

HttpCore::HttpCore(HttpOptions given, RecommendationQueries& queries, ScoreStream& score_stream,
                   MetricRegistry& registry)
    : options(std::move(given)),
      responder(options, queries, registry),
      stream(score_stream),
      metrics(registry),
      refused_connections(registry.counter("eddy_http_refused_connections_total",
                                           "Connections closed at once: there were too many.")),
      dropped_streams(
          registry.counter("eddy_http_dropped_streams_total", "Streams closed: the reader was too slow.")),
      failures(registry.counter("eddy_http_failures_total", "Connections ended by a failure of the server.")),
      connections(options.max_connections) {}

void HttpCore::count_request(int status) {
  metrics.counter("eddy_http_requests_total", "Requests answered.", {{"status", std::to_string(status)}})
      .add();
}

class HttpServer::Impl {
 public:
  Impl(HttpOptions options, RecommendationQueries& queries, ScoreStream& stream, MetricRegistry& metrics)
      : core_(std::move(options), queries, stream, metrics),
        acceptor_(asio::make_strand(core_.io)),
        retry_(acceptor_.get_executor()) {}

  Result<void> start() {
    if (is_started_) return {};
    EDDY_TRY(listen());
    is_started_ = true;
    asio::post(acceptor_.get_executor(), [this] { accept(); });
    for (std::size_t i = 0; i < core_.options.threads; ++i) threads_.emplace_back([this] { serve(); });
    return {};
  }

  void stop() {
    if (!is_started_ || std::exchange(is_stopped_, true)) return;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
      retry_.cancel();
    });
    core_.connections.close_all();
    // Without sockets and timers nothing is left to wait for, and the threads' loops end.
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  Result<void> listen() {
    const HttpOptions& options = core_.options;
    const std::string where = options.address + ":" + std::to_string(options.port);
    if (options.threads < 1) return user_error("the HTTP server needs at least one thread", where);
    error_code error;
    Tcp::resolver resolver(core_.io);
    const auto found =
        resolver.resolve(options.address, std::to_string(options.port), Tcp::resolver::passive, error);
    if (error || found.empty())
      return user_error("'" + options.address + "' is no address to listen on", where);
    const Tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    const auto local = error ? Tcp::endpoint() : acceptor_.local_endpoint(error);
    if (error) {
      error_code ignored;
      acceptor_.close(ignored);
      return user_error("cannot listen for HTTP: " + error.message() + "; give another address or port",
                        where);
    }
    port_ = local.port();
    return {};
  }

  void accept() {
    acceptor_.async_accept(asio::make_strand(core_.io), [this](error_code error, Tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return accept_later();
      take(std::move(socket));
      accept();
    });
  }

  /// Never throws: an exception here would end the accepting.
  void take(Tcp::socket socket) noexcept {
    try {
      if (auto place = core_.connections.enter()) {
        std::make_shared<Connection>(std::move(socket), core_, std::move(*place))->start();
      } else {
        core_.refused_connections.add();
      }
    } catch (const std::exception&) {
      core_.failures.add();  // out of memory; the socket is closed by now
    }
  }

  /// Out of file descriptors, most likely: the same error would come again at once.
  void accept_later() {
    retry_.expires_after(std::chrono::milliseconds(100));
    retry_.async_wait([this](error_code error) {
      if (!error && acceptor_.is_open()) accept();
    });
  }

  void serve() {
    // An exception has left one handler, and with it that handler's connection; the others go on.
    for (;;) {
      try {
        core_.io.run();
        return;
      } catch (const std::exception&) {
        core_.failures.add();
      }
    }
  }

  HttpCore core_;
  Tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::vector<std::thread> threads_;
  std::atomic<std::uint16_t> port_{0};
  bool is_started_ = false;
  bool is_stopped_ = false;
};

HttpServer::HttpServer(HttpOptions options, RecommendationQueries& queries, ScoreStream& stream,
                       MetricRegistry& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), queries, stream, metrics)) {}

HttpServer::~HttpServer() {
  stop();
}

Result<void> HttpServer::start() {
  return impl_->start();
}

void HttpServer::stop() {
  impl_->stop();
}

std::uint16_t HttpServer::port() const {
  return impl_->port();
}

}  // namespace eddy

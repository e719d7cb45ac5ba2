#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "app/http/http_options.h"
#include "app/http/responder.h"
#include "app/http/score_stream.h"
#include "base/annotated_mutex.h"
#include "base/metric.h"

namespace eddy {

/// What holds a client's socket.
class Closable {
 public:
  virtual ~Closable() = default;
  /// Closes the socket soon, on its own strand; from any thread, any number of times.
  virtual void close() = 0;
};

/// The open connections: how many there may be, and how to close them all. Thread-safe.
class ConnectionTable {
 public:
  explicit ConnectionTable(std::size_t limit) : limit_(limit) {}

  /// A place in the table; freed with it.
  class Place {
   public:
    Place(ConnectionTable& table, std::uint64_t id) : table_(&table), id_(id) {}
    Place(Place&& other) noexcept : table_(std::exchange(other.table_, nullptr)), id_(other.id_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (table_ != nullptr) table_->leave(id_);
    }
    /// Says who has the socket now. False: all are being closed, so close it.
    [[nodiscard]] bool hold(const std::weak_ptr<Closable>& holder) { return table_->hold(id_, holder); }

   private:
    ConnectionTable* table_;
    std::uint64_t id_;
  };

  /// Nothing if the table is full or closed.
  [[nodiscard]] std::optional<Place> enter();
  void close_all();

 private:
  bool hold(std::uint64_t id, const std::weak_ptr<Closable>& holder);
  void leave(std::uint64_t id);

  const std::size_t limit_;
  Mutex mutex_;
  bool is_closed_ EDDY_GUARDED_BY(mutex_) = false;
  std::uint64_t next_id_ EDDY_GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, std::weak_ptr<Closable>> holders_ EDDY_GUARDED_BY(mutex_);
};

/// What all connections of a server share; outlives them.
struct HttpCore {
  HttpCore(HttpOptions given, RecommendationQueries& queries, ScoreStream& score_stream,
           MetricRegistry& registry);

  void count_request(int status);

  const HttpOptions options;
  Responder responder;
  ScoreStream& stream;
  MetricRegistry& metrics;
  Counter& refused_connections;
  Counter& dropped_streams;
  Counter& failures;
  ConnectionTable connections;
  boost::asio::io_context io;
};

}  // namespace eddy

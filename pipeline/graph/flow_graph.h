#pragma once

#include <functional>
#include <memory>
#include <vector>

namespace eddy {

struct Envelope;

/// The threads that run all shards' graphs. Outlives the graphs.
class GraphThreads {
 public:
  /// `threads` 0: one per core.
  explicit GraphThreads(std::size_t threads);
  ~GraphThreads();
  GraphThreads(const GraphThreads&) = delete;
  GraphThreads& operator=(const GraphThreads&) = delete;

 private:
  friend class FlowGraph;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One shard's way from decode to commit: a chain of serial oneTBB nodes.
///
///     put ─▶ stage 0 ─▶ stage 1 ─▶ … ─▶ last
///
/// Each stage handles one envelope at a time, in the order of put(); different stages, and different shards,
/// run side by side. A stage must not throw: an exception that leaves a node would cancel the graph. The
/// nodes' queues are unbounded; FlowLimiter bounds what is put.
class FlowGraph {
 public:
  using Stage = std::function<void(Envelope&)>;

  FlowGraph(GraphThreads& threads, std::vector<Stage> stages);
  /// Waits for what is under way.
  ~FlowGraph();
  FlowGraph(const FlowGraph&) = delete;
  FlowGraph& operator=(const FlowGraph&) = delete;

  /// Hands over an envelope; it stays the caller's property and comes out of the last stage. From one thread
  /// at a time.
  void put(Envelope& envelope);
  /// Returns when every envelope has left the last stage.
  void wait();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

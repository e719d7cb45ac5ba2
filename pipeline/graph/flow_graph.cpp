#include "pipeline/graph/flow_graph.h"

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>

#include <utility>

namespace eddy {

namespace tbb = oneapi::tbb;

struct GraphThreads::Impl {
  explicit Impl(int threads)
      // One more than the arena's: the count includes a thread of the program's own, which never works here.
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads) + 1),
        arena(threads, 0) {}

  tbb::global_control limit;
  tbb::task_arena arena;
};

GraphThreads::GraphThreads(std::size_t threads)
    : impl_(std::make_unique<Impl>(threads > 0 ? static_cast<int>(threads)
                                               : tbb::info::default_concurrency())) {}

GraphThreads::~GraphThreads() = default;

struct FlowGraph::Impl {
  using Node = tbb::flow::function_node<Envelope*, Envelope*, tbb::flow::queueing>;

  Impl(tbb::task_arena& graph_arena, std::vector<Stage> stages) : arena(graph_arena) {
    arena.execute([&] {  // a graph belongs to the arena it is made in
      graph = std::make_unique<tbb::flow::graph>();
      for (Stage& stage : stages) {
        nodes.push_back(
            std::make_unique<Node>(*graph, tbb::flow::serial, [body = std::move(stage)](Envelope* envelope) {
              body(*envelope);
              return envelope;
            }));
        if (nodes.size() > 1) tbb::flow::make_edge(*nodes[nodes.size() - 2], *nodes.back());
      }
    });
  }

  tbb::task_arena& arena;
  std::unique_ptr<tbb::flow::graph> graph;
  std::vector<std::unique_ptr<Node>> nodes;
};

FlowGraph::FlowGraph(GraphThreads& threads, std::vector<Stage> stages)
    : impl_(std::make_unique<Impl>(threads.impl_->arena, std::move(stages))) {}

FlowGraph::~FlowGraph() {
  wait();
}

void FlowGraph::put(Envelope& envelope) {
  impl_->nodes.front()->try_put(&envelope);
}

void FlowGraph::wait() {
  impl_->arena.execute([this] { impl_->graph->wait_for_all(); });
}

}  // namespace eddy

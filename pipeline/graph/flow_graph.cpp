#include "pipeline/graph/flow_graph.h"

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>

#include <utility>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace eddy {

namespace tbb = oneapi::tbb;

namespace {

// ThreadSanitizer does not see what happens in oneTBB's library, so it is told: what was done before
// hand_on() is seen after take_over() of the same place.
#if defined(__SANITIZE_THREAD__)
void hand_on(const void* place) {
  __tsan_release(const_cast<void*>(place));
}
void take_over(const void* place) {
  __tsan_acquire(const_cast<void*>(place));
}
#else
void hand_on(const void* /*place*/) {}
void take_over(const void* /*place*/) {}
#endif

}  // namespace

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
  using Node = tbb::flow::function_node<Envelope*, tbb::flow::continue_msg, tbb::flow::queueing>;

  Impl(tbb::task_arena& graph_arena, std::vector<Stage> stages) : arena(graph_arena) {
    in_arena([&] {  // a graph belongs to the arena it is made in
      graph = std::make_unique<tbb::flow::graph>();
      nodes.resize(stages.size());
      for (std::size_t i = stages.size(); i-- > 0;) {
        Node* next = i + 1 < stages.size() ? nodes[i + 1].get() : nullptr;
        // The body hands over by itself. Along an edge oneTBB would do so after it has let the node's next
        // message go, which could then overtake this one.
        const auto run = [this, i, body = std::move(stages[i]), next](Envelope* envelope) {
          take_over(envelope);
          take_over(&nodes[i]);
          body(*envelope);
          hand_on(&nodes[i]);
          if (next != nullptr) {
            hand_on(envelope);
            next->try_put(envelope);
          }
          return tbb::flow::continue_msg();
        };
        nodes[i] = std::make_unique<Node>(*graph, tbb::flow::serial, run);
      }
    });
  }

  /// Another thread may do the work while this one waits.
  template <class Work>
  void in_arena(const Work& work) {
    static const char kPlace = 0;  // what the lambda captures would be read too early
    const auto handed = [&] {
      take_over(&kPlace);
      work();
      hand_on(&kPlace);
    };
    hand_on(&kPlace);
    arena.execute(handed);
    take_over(&kPlace);
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
  hand_on(&envelope);
  impl_->nodes.front()->try_put(&envelope);
}

void FlowGraph::wait() {
  impl_->in_arena([this] { impl_->graph->wait_for_all(); });
  for (const auto& node : impl_->nodes) take_over(&node);
}

}  // namespace eddy

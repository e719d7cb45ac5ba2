#include "pipeline/graph/flow_graph.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <vector>

#include "pipeline/envelope.h"

namespace eddy {
namespace {

TEST(FlowGraph, keeps_the_order_in_every_stage_and_runs_stages_one_at_a_time) {
  for (int round = 0; round < 50; ++round) {
    GraphThreads threads(4);
    std::atomic<int> inside[2] = {0, 0};
    std::vector<Envelope*> seen[2];
    const auto stage = [&](int number) {
      return [&, number](Envelope& envelope) {
        EXPECT_EQ(++inside[number], 1);
        seen[number].push_back(&envelope);
        --inside[number];
      };
    };
    FlowGraph graph(threads, {stage(0), stage(1)});
    std::deque<Envelope> envelopes;
    for (int i = 0; i < 1000; ++i) graph.put(envelopes.emplace_back(ShardId(0)));
    graph.wait();
    for (const auto& order : seen) {
      ASSERT_EQ(order.size(), envelopes.size());
      for (std::size_t i = 0; i < order.size(); ++i) ASSERT_EQ(order[i], &envelopes[i]);
    }
  }
}

TEST(FlowGraph, graphs_run_side_by_side) {
  GraphThreads threads(2);
  std::atomic<int> arrived{0};
  const auto meet = [&](Envelope&) {  // returns only if both graphs are inside at once
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
  };
  FlowGraph first(threads, {meet}), second(threads, {meet});
  Envelope a(ShardId(0)), b(ShardId(1));
  first.put(a);
  second.put(b);
  first.wait();
  second.wait();
  EXPECT_EQ(arrived, 2);
}

}  // namespace
}  // namespace eddy

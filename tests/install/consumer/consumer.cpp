// A user's program: folds two clicks of one session through the installed library.
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "event/event.h"
#include "state/profile/fold.h"

namespace {

eddy::Event click(std::int64_t at_ms, std::string tag) {
  eddy::Event event;
  event.user = eddy::UserId("u1");
  event.time = eddy::EventTime{at_ms};
  event.body = eddy::Action{eddy::SessionId("s1"), {std::move(tag)}};
  return event;
}

}  // namespace

int main() {
  eddy::Facts facts;
  const eddy::FoldOptions options;
  for (const eddy::Event& event : {click(2000, "price"), click(1000, "car"), click(2000, "price")}) {
    eddy::fold(event, options, facts);
  }
  const bool is_right = facts.sessions.size() == 1 && facts.sessions[0].actions.size() == 2;
  std::puts(is_right ? "one session, two tags" : "the facts are wrong");
  return is_right ? 0 : 1;
}

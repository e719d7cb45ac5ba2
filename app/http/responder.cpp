#include "app/http/responder.h"

#include <charconv>
#include <exception>
#include <optional>

#include "app/http/recommendation_json.h"
#include "app/http/request_target.h"

namespace eddy {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kPrometheusText = "text/plain; version=0.0.4; charset=utf-8";

/// Nothing if `k` is not a number from 1 to `most`.
std::optional<std::size_t> parse_count(std::string_view text, std::size_t most) {
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || rest != end || count < 1 || count > most) return std::nullopt;
  return count;
}

}  // namespace

HttpAnswer error_answer(int status, std::string_view message) {
  return {status, kJson, error_json(message) + "\n"};
}

std::variant<HttpAnswer, StreamAnswer> Responder::answer(std::string_view method,
                                                         std::string_view target) noexcept {
  try {
    return route(method, target);
  } catch (const std::exception&) {
    // Out of memory, or a defect behind the queries: this request fails, the server goes on.
    return HttpAnswer{500, kText, {}};
  }
}

std::string Responder::current(const StreamAnswer& stream) noexcept {
  try {
    const auto found = queries_.recommendations(stream.user, stream.k);
    if (!found) {
      ignore_error(found, "the stream goes on: the next refresh brings the state");
      return {};
    }
    return *found ? recommendations_json(**found, stream.k) : std::string();
  } catch (const std::exception&) {
    return {};
  }
}

std::variant<HttpAnswer, StreamAnswer> Responder::route(std::string_view method, std::string_view target) {
  if (method != "GET" && method != "HEAD") return error_answer(405, "only GET and HEAD are served");
  const auto parsed = parse_request_target(target);
  if (!parsed) return error_answer(400, "the path is not percent-encoded as it should be");
  const auto& path = parsed->segments;
  if (path.size() == 1) {
    if (path[0] == "livez") return HttpAnswer{200, kText, "alive\n"};
    if (path[0] == "readyz") return readiness();
    if (path[0] == "metrics") return HttpAnswer{200, kPrometheusText, metrics_.text()};
  }
  const bool is_stream = path.size() == 5 && path[4] == "stream";
  if ((path.size() != 4 && !is_stream) || path[0] != "v1" || path[1] != "users" || path[2].empty() ||
      path[3] != "recommendations") {
    return error_answer(404,
                        "no such page; try /v1/users/{user}/recommendations, /metrics, /livez or /readyz");
  }
  std::size_t k = options_.default_items;
  if (const auto given = parsed->parameters.find("k"); given != parsed->parameters.end()) {
    const auto count = parse_count(given->second, options_.max_items);
    if (!count)
      return error_answer(400, "k must be a number from 1 to " + std::to_string(options_.max_items));
    k = *count;
  }
  const UserId user(path[2]);
  if (!is_stream) return recommendations(user, k);
  if (method == "HEAD") return HttpAnswer{200, "text/event-stream", {}};
  return StreamAnswer{user, k};
}

HttpAnswer Responder::recommendations(const UserId& user, std::size_t k) {
  const auto found = queries_.recommendations(user, k);
  if (!found) return error_answer(503, found.error().message);
  if (!*found) return error_answer(404, "nothing is known of this user");
  return {200, kJson, recommendations_json(**found, k) + "\n"};
}

HttpAnswer Responder::readiness() const {
  const Readiness readiness = queries_.readiness();
  if (readiness.is_ready) return {200, kText, "ready\n"};
  return {503, kText, "not ready: " + readiness.reason + "\n"};
}

}  // namespace eddy

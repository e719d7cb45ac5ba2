#include "pipeline/kafka/dead_letter_headers.h"

#include <string>

namespace eddy {

RdHeaders dead_letter_headers(const DeadLetter& letter) {
  RdHeaders headers(rd_kafka_headers_new(4));
  const auto add = [&](const char* name, const std::string& text) {
    rd_kafka_header_add(headers.get(), name, -1, text.data(), static_cast<ssize_t>(text.size()));
  };
  add("eddy.topic", letter.position.topic.str());
  add("eddy.partition", std::to_string(letter.position.partition));
  add("eddy.offset", std::to_string(letter.position.offset));
  add("eddy.reason", letter.reason);
  return headers;
}

}  // namespace eddy

#include "pipeline/file/dead_letter_json.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "event/json_writer.h"

namespace eddy {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648 with padding.
void append_base64(std::string& to, std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      to += i <= count ? kBase64[group >> (18U - 6U * i) & 63U] : '=';
    }
  }
}

void append_bytes(std::string& json, std::string_view name, std::string_view bytes) {
  json += ",\"";
  json += name;
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) {
    json += "\":";
    append_json_string(json, bytes);
  } else {
    json += "_base64\":\"";
    append_base64(json, bytes);
    json += '"';
  }
}

}  // namespace

std::string dead_letter_json(const DeadLetter& letter) {
  std::string json;
  json.reserve(letter.value.size() + letter.key.size() + letter.reason.size() + 128);
  json += "{\"topic\":";
  append_json_string(json, letter.position.topic.str());
  json += ",\"partition\":" + std::to_string(letter.position.partition);
  json += ",\"offset\":" + std::to_string(letter.position.offset);
  append_bytes(json, "reason", letter.reason);
  append_bytes(json, "key", letter.key);
  append_bytes(json, "value", letter.value);
  json += '}';
  return json;
}

}  // namespace eddy

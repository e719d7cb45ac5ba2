#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace eddy::event_field {

/// The fields of all types of events, by name.
enum Field : std::uint8_t {
  kType,
  kId,
  kUser,
  kTime,
  kSession,
  kTags,
  kCall,
  kSeq,
  kSpeaker,
  kText,
  kKeywords,
  kEmbedding,
  kEncoder,
  kFinal,
  kItems,
  kVisitor,
  kFieldCount,
};

inline constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "type",    "id",   "user",     "time",      "session", "tags",  "call",  "seq",
    "speaker", "text", "keywords", "embedding", "encoder", "final", "items", "visitor"};

/// The field of that name, or kFieldCount: length and first letters leave one candidate.
inline Field field_of(std::string_view name) {
  Field candidate = kFieldCount;
  switch (name.size()) {
    case 2:
      candidate = kId;
      break;
    case 3:
      candidate = kSeq;
      break;
    case 4:
      switch (name[0]) {
        case 'u':
          candidate = kUser;
          break;
        case 'c':
          candidate = kCall;
          break;
        case 't':
          candidate = name[1] == 'y' ? kType : name[1] == 'i' ? kTime : name[1] == 'a' ? kTags : kText;
          break;
        default:
          return kFieldCount;
      }
      break;
    case 5:
      candidate = name[0] == 'f' ? kFinal : kItems;
      break;
    case 7:
      candidate = name[0] == 'e'   ? kEncoder
                  : name[0] == 'v' ? kVisitor
                  : name[1] == 'e' ? kSession
                                   : kSpeaker;
      break;
    case 8:
      candidate = kKeywords;
      break;
    case 9:
      candidate = kEmbedding;
      break;
    default:
      return kFieldCount;
  }
  return kFieldNames[candidate] == name ? candidate : kFieldCount;
}

}  // namespace eddy::event_field

#include "app/offsets/offset_table.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace eddy {
namespace {

constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;

std::string text_of(const std::optional<std::int64_t>& offset) {
  return offset ? std::to_string(*offset) : "-";
}

nlohmann::ordered_json json_of(const std::optional<std::int64_t>& offset) {
  return offset ? nlohmann::ordered_json(*offset) : nlohmann::ordered_json(nullptr);
}

}  // namespace

std::string offsets_table(const std::vector<PartitionOffsets>& offsets) {
  std::vector<Row> rows = {{"topic", "partition", "next", "state", "group", "beginning", "end", "lag"}};
  for (const PartitionOffsets& one : offsets) {
    rows.push_back({one.partition.first, std::to_string(one.partition.second), std::to_string(one.next),
                    text_of(one.state), text_of(one.group), std::to_string(one.first),
                    std::to_string(one.end), std::to_string(one.lag())});
  }
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const Row& row : rows) {
    table += row[0] + std::string(widths[0] - row[0].size(), ' ');
    for (std::size_t i = 1; i < kColumns; ++i) {
      table += "  " + std::string(widths[i] - row[i].size(), ' ') + row[i];
    }
    table += '\n';
  }
  return table;
}

std::string offsets_json(const std::vector<PartitionOffsets>& offsets) {
  auto all = nlohmann::ordered_json::array();
  for (const PartitionOffsets& one : offsets) {
    all.push_back({{"topic", one.partition.first},
                   {"partition", one.partition.second},
                   {"next", one.next},
                   {"state", json_of(one.state)},
                   {"group", json_of(one.group)},
                   {"beginning", one.first},
                   {"end", one.end},
                   {"lag", one.lag()}});
  }
  return all.dump(2) + "\n";
}

}  // namespace eddy

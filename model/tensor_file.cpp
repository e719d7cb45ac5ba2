#include "model/tensor_file.h"

#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/text/safetensors.h"

namespace eddy {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

constexpr std::size_t kSizeBytes = sizeof(std::uint64_t);

std::size_t value_count(const TensorData& tensor) {
  return std::visit([](const auto& values) { return values.size(); }, tensor.values);
}

template <class T>
std::vector<T> copy_values(std::string_view bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

}  // namespace

void add_part(std::string_view part, NamedTensors&& own, NamedTensors& tensors) {
  for (auto& [name, tensor] : own) tensors[std::string(part) + "/" + name] = std::move(tensor);
}

NamedTensors take_part(std::string_view part, NamedTensors& tensors) {
  const std::string prefix = std::string(part) + "/";
  NamedTensors own;
  for (auto it = tensors.lower_bound(prefix); it != tensors.end() && it->first.starts_with(prefix);) {
    own[it->first.substr(prefix.size())] = std::move(it->second);
    it = tensors.erase(it);
  }
  return own;
}

std::string encode_tensors(const NamedTensors& tensors) {
  nlohmann::json header = nlohmann::json::object();
  std::uint64_t end = 0;
  for (const auto& [name, tensor] : tensors) {
    const std::uint64_t begin = end;
    end += value_count(tensor) * sizeof(float);
    header[name] = {{"dtype", std::holds_alternative<std::vector<float>>(tensor.values) ? "F32" : "U32"},
                    {"shape", tensor.shape},
                    {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.append((kSizeBytes - text.size() % kSizeBytes) % kSizeBytes, ' ');  // the data starts aligned

  const std::uint64_t size = text.size();
  std::string bytes(kSizeBytes, '\0');
  std::memcpy(bytes.data(), &size, kSizeBytes);
  bytes.reserve(kSizeBytes + text.size() + end);
  bytes += text;
  for (const auto& [name, tensor] : tensors) {
    std::visit(
        [&](const auto& values) {
          bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
        },
        tensor.values);
  }
  return bytes;
}

Result<NamedTensors> decode_tensors(std::string_view bytes) {
  EDDY_ASSIGN(const SafetensorsFile file, SafetensorsFile::parse(bytes, {}));
  NamedTensors tensors;
  for (const auto& [name, tensor] : file.tensors()) {
    if (tensor.type == "F32") {
      tensors[name] = {tensor.shape, copy_values<float>(tensor.bytes)};
    } else if (tensor.type == "U32") {
      tensors[name] = {tensor.shape, copy_values<std::uint32_t>(tensor.bytes)};
    } else {
      return user_error("tensor " + name + " has the type " + tensor.type + "; F32 and U32 are read");
    }
  }
  return tensors;
}

}  // namespace eddy

#include "model/tensor_file.h"

#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

namespace eddy {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

constexpr std::size_t kSizeBytes = sizeof(std::uint64_t);

std::size_t value_count(const TensorData& tensor) {
  return std::visit([](const auto& values) { return values.size(); }, tensor.values);
}

Error broken(const std::string& why) {
  return user_error("not a safetensors file: " + why);
}

template <class T>
std::vector<T> copy_values(std::string_view bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

Result<TensorData> decode_tensor(const std::string& name, const nlohmann::json& entry,
                                 std::string_view data) {
  TensorData tensor;
  tensor.shape = entry.at("shape").get<std::vector<std::size_t>>();
  const auto offsets = entry.at("data_offsets").get<std::vector<std::uint64_t>>();
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size()) {
    return broken("tensor " + name + " lies outside of the file");
  }
  std::size_t count = 1;
  for (const std::size_t extent : tensor.shape) {
    if (extent != 0 && count > data.size() / extent)
      return broken("tensor " + name + " is larger than the file");
    count *= extent;
  }
  const std::string_view bytes = data.substr(offsets[0], offsets[1] - offsets[0]);
  if (bytes.size() != count * sizeof(float))
    return broken("tensor " + name + " does not have the size of its shape");
  const auto type = entry.at("dtype").get<std::string>();
  if (type == "F32") {
    tensor.values = copy_values<float>(bytes);
  } else if (type == "U32") {
    tensor.values = copy_values<std::uint32_t>(bytes);
  } else {
    return broken("tensor " + name + " has the type " + type + "; F32 and U32 are read");
  }
  return tensor;
}

}  // namespace

void add_part(std::string_view part, NamedTensors own, NamedTensors& tensors) {
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
  if (bytes.size() < kSizeBytes) return broken("it is too short");
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data(), kSizeBytes);
  bytes.remove_prefix(kSizeBytes);
  if (size > bytes.size()) return broken("its header is cut");
  try {
    const auto header = nlohmann::json::parse(bytes.substr(0, size));
    if (!header.is_object()) return broken("its header is no object");
    NamedTensors tensors;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") continue;
      EDDY_ASSIGN(tensors[name], decode_tensor(name, entry, bytes.substr(size)));
    }
    return tensors;
  } catch (const nlohmann::json::exception& error) {
    return broken(error.what());
  }
}

}  // namespace eddy

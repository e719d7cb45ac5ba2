#include "model/text/safetensors.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

namespace eddy {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

namespace dom = simdjson::dom;

constexpr std::size_t kSizeBytes = sizeof(std::uint64_t);

struct TypeSize {
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<TypeSize, 12> kTypes{{{"F64", 8},
                                           {"F32", 4},
                                           {"F16", 2},
                                           {"BF16", 2},
                                           {"I64", 8},
                                           {"I32", 4},
                                           {"I16", 2},
                                           {"I8", 1},
                                           {"U64", 8},
                                           {"U32", 4},
                                           {"U8", 1},
                                           {"BOOL", 1}}};

/// 0: a type that is not known here.
std::size_t size_of_type(std::string_view type) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeSize& one) { return one.name == type; });
  return found == kTypes.end() ? 0 : found->bytes;
}

std::string text_of(const std::vector<std::size_t>& shape) {
  std::string text = "[";
  for (const std::size_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

/// The bytes of a tensor of that shape, or nothing where they would be more than `most`.
std::optional<std::size_t> bytes_of(const std::vector<std::size_t>& shape, std::size_t element,
                                    std::size_t most) {
  if (std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end()) return 0;
  std::size_t bytes = element;
  for (const std::size_t extent : shape) {
    if (bytes > most / extent) return std::nullopt;
    bytes *= extent;
  }
  return bytes;
}

/// False: it is no array of numbers from 0 on.
bool read_sizes(const dom::element& from, std::vector<std::size_t>& sizes) {
  dom::array array;
  if (from.get(array) != simdjson::SUCCESS) return false;
  for (const dom::element element : array) {
    std::uint64_t value = 0;
    if (element.get(value) != simdjson::SUCCESS) return false;
    sizes.push_back(value);
  }
  return true;
}

/// The value of a 16-bit float, exactly.
float from_half(std::uint16_t half) {
  constexpr unsigned kExponentBits = 0x1F, kFractionBits = 0x3FF;
  const std::uint32_t sign = static_cast<std::uint32_t>(half >> 15U) << 31U;
  const std::uint32_t exponent = static_cast<std::uint32_t>(half >> 10U) & kExponentBits;
  const std::uint32_t fraction = half & kFractionBits;
  if (exponent == kExponentBits) return std::bit_cast<float>(sign | 0x7F800000U | (fraction << 13U));
  if (exponent > 0) return std::bit_cast<float>(sign | ((exponent + 112U) << 23U) | (fraction << 13U));
  const float magnitude = static_cast<float>(fraction) * 0x1p-24F;  // too small for a leading 1
  return sign != 0 ? -magnitude : magnitude;
}

template <class Stored, class Convert>
void convert(std::string_view bytes, std::vector<float>& values, Convert&& to_float) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored = 0;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = to_float(stored);
  }
}

}  // namespace

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
  EDDY_ASSIGN(MappedFile mapped, MappedFile::open(path));
  EDDY_ASSIGN(SafetensorsFile file, parse(mapped.bytes(), path.string()));
  file.mapped_ = std::move(mapped);
  return file;
}

Result<SafetensorsFile> SafetensorsFile::parse(std::string_view bytes, std::string file) {
  SafetensorsFile read;
  read.file_ = std::move(file);
  EDDY_TRY(read.read_header(bytes));
  return read;
}

Result<void> SafetensorsFile::read_header(std::string_view bytes) {
  const auto broken = [&](const std::string& why) {
    return user_error("not a safetensors file: " + why, file_);
  };
  if (bytes.size() < kSizeBytes) return broken("it is shorter than the size of its header");
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data(), kSizeBytes);
  bytes.remove_prefix(kSizeBytes);
  if (size > bytes.size())
    return broken("its header of " + std::to_string(size) + " bytes is cut; copy the file again");
  const std::string_view data = bytes.substr(size);
  dom::parser parser;
  dom::object header;
  if (const auto error = parser.parse(bytes.data(), size, true).get(header); error != simdjson::SUCCESS)
    return broken(std::string("its header is no JSON object: ") + simdjson::error_message(error));
  for (const auto [key, entry] : header) {
    if (key == "__metadata__") continue;
    const std::string name(key);
    Tensor tensor;
    std::string_view type;
    std::vector<std::size_t> place;
    dom::element shape, offsets;
    if (entry["dtype"].get(type) != simdjson::SUCCESS || entry["shape"].get(shape) != simdjson::SUCCESS ||
        entry["data_offsets"].get(offsets) != simdjson::SUCCESS || !read_sizes(shape, tensor.shape) ||
        !read_sizes(offsets, place) || place.size() != 2)
      return broken("tensor " + name + " wants dtype, shape and two data_offsets");
    if (place[0] > place[1] || place[1] > data.size())
      return broken("tensor " + name + " ends at byte " + std::to_string(place[1]) + " of " +
                    std::to_string(data.size()) + "; the file is cut or damaged: copy it again");
    tensor.type = type;
    tensor.bytes = data.substr(place[0], place[1] - place[0]);
    const std::size_t element = size_of_type(type);
    if (element > 0 && bytes_of(tensor.shape, element, data.size()) != tensor.bytes.size())
      return broken("tensor " + name + " of type " + tensor.type + " and shape " + text_of(tensor.shape) +
                    " has " + std::to_string(tensor.bytes.size()) + " bytes");
    if (!tensors_.emplace(name, std::move(tensor)).second)
      return broken("tensor " + name + " is there twice");
  }
  return {};
}

Result<std::vector<float>> SafetensorsFile::floats(std::string_view tensor,
                                                   std::initializer_list<std::size_t> shape) const {
  const std::string name(tensor);
  const auto found = tensors_.find(tensor);
  if (found == tensors_.end()) return user_error("there is no tensor " + name, file_);
  const Tensor& it = found->second;
  if (!std::equal(it.shape.begin(), it.shape.end(), shape.begin(), shape.end()))
    return user_error("tensor " + name + " has the shape " + text_of(it.shape) + ", not " + text_of(shape),
                      file_);
  if (it.type != "F32" && it.type != "F16" && it.type != "BF16")
    return user_error("tensor " + name + " has the type " + it.type + "; F32, F16 and BF16 are read", file_);
  std::vector<float> values(it.bytes.size() / size_of_type(it.type));
  if (it.type == "F32") {
    if (!values.empty()) std::memcpy(values.data(), it.bytes.data(), it.bytes.size());
  } else if (it.type == "F16") {
    convert<std::uint16_t>(it.bytes, values, from_half);
  } else {
    convert<std::uint16_t>(it.bytes, values, [](std::uint16_t stored) {
      return std::bit_cast<float>(static_cast<std::uint32_t>(stored) << 16U);
    });
  }
  return values;
}

}  // namespace eddy

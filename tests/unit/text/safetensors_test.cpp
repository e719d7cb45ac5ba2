#include "model/text/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "fakes/temporary_directory.h"
#include "model/tensor_file.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string file_of(const std::string& header, const std::string& data) {
  const std::uint64_t size = header.size();
  std::string bytes(sizeof size, '\0');
  std::memcpy(bytes.data(), &size, sizeof size);
  return bytes + header + data;
}

std::string values(std::initializer_list<std::uint16_t> halves) {
  std::string bytes;
  for (const std::uint16_t half : halves) bytes.append(reinterpret_cast<const char*>(&half), sizeof half);
  return bytes;
}

std::string refusal(const std::string& bytes) {
  const auto file = SafetensorsFile::parse(bytes, "some.safetensors");
  return file ? "read" : to_string(file.error());
}

TEST(Safetensors, what_bundles_write_comes_back_from_a_file) {
  NamedTensors tensors;
  tensors["a"] = {{2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6}};
  tensors["none"] = {{0, 7}, std::vector<float>{}};
  const TemporaryDirectory directory;
  const auto path = directory.path() / "model.safetensors";
  std::ofstream(path, std::ios::binary) << encode_tensors(tensors);
  const auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_TRUE(file->has("a"));
  EXPECT_FALSE(file->has("b"));
  EXPECT_THAT(file->floats("a", {2, 3}).value(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_TRUE(file->floats("none", {0, 7}).value().empty());
}

TEST(Safetensors, halves_are_read_exactly) {
  const std::string bytes = file_of(
      R"({"h": {"dtype": "F16", "shape": [6], "data_offsets": [0, 12]}, "b": {"dtype": "BF16", "shape": [2], "data_offsets": [12, 16]}})",
      values({0x3C00, 0xC000, 0x0001, 0x83FF, 0x7BFF, 0xFC00, 0x3F80, 0xC040}));
  const auto file = SafetensorsFile::parse(bytes, "halves");
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_THAT(file->floats("h", {6}).value(), ElementsAre(1.0F, -2.0F, 0x1p-24F, -1023 * 0x1p-24F, 65504.0F,
                                                          -std::numeric_limits<float>::infinity()));
  EXPECT_THAT(file->floats("b", {2}).value(), ElementsAre(1.0F, -3.0F));
}

TEST(Safetensors, errors_name_file_and_tensor) {
  const std::string bytes = file_of(
      R"({"i": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}, "f": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})",
      std::string(8, '\0'));
  const auto file = SafetensorsFile::parse(bytes, "m.safetensors");
  ASSERT_TRUE(file) << to_string(file.error());
  const auto shape = file->floats("f", {3});
  ASSERT_FALSE(shape);
  EXPECT_EQ(to_string(shape.error()), "m.safetensors: tensor f has the shape [2], not [3]");
  EXPECT_EQ(shape.error().fault, Fault::kUser);
  EXPECT_EQ(to_string(file->floats("g", {3}).error()), "m.safetensors: there is no tensor g");
  EXPECT_EQ(to_string(file->floats("i", {1}).error()),
            "m.safetensors: tensor i has the type I64; F32, F16 and BF16 are read");
}

TEST(Safetensors, what_does_not_fit_is_refused) {
  EXPECT_THAT(refusal("1234567"), HasSubstr("some.safetensors: not a safetensors file: it is shorter"));
  EXPECT_THAT(refusal(std::string(8, '\xFF') + "{}"), HasSubstr("is cut"));
  EXPECT_THAT(refusal(file_of("[]", "")), HasSubstr("no JSON object"));
  EXPECT_THAT(refusal(file_of("{\"a\": 1}", "")), HasSubstr("tensor a wants"));
  const auto one = [](const std::string& shape, const std::string& offsets) {
    return refusal(
        file_of(R"({"w": {"dtype": "F32", "shape": )" + shape + R"(, "data_offsets": )" + offsets + "}}",
                std::string(8, '\0')));
  };
  EXPECT_EQ(one("[2]", "[0, 8]"), "read");
  EXPECT_THAT(one("[3]", "[0, 12]"), HasSubstr("tensor w ends at byte 12 of 8"));
  EXPECT_THAT(one("[2]", "[8, 0]"), HasSubstr("tensor w ends"));
  EXPECT_THAT(one("[2]", "[0, 4]"), HasSubstr("tensor w of type F32 and shape [2] has 4 bytes"));
  EXPECT_THAT(one("[-2]", "[0, 8]"), HasSubstr("tensor w wants"));
  EXPECT_THAT(one("[2]", "[0, 8, 9]"), HasSubstr("tensor w wants"));
  // Products beyond 64 bits.
  EXPECT_THAT(one("[4294967296, 4294967296, 2]", "[0, 8]"), HasSubstr("has 8 bytes"));
  EXPECT_THAT(one("[4611686018427387905]", "[0, 4]"), HasSubstr("has 4 bytes"));
}

TEST(Safetensors, a_cut_file_is_refused_wherever_it_is_cut) {
  NamedTensors tensors;
  tensors["a"] = {{2, 2}, std::vector<float>{1, 2, 3, 4}};
  const std::string whole = encode_tensors(tensors);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refusal(whole.substr(0, size)), "read") << size << " of " << whole.size() << " bytes";
}

TEST(Safetensors, any_bytes_are_read_or_refused) {
  EXPECT_TRUE(rc::check([] {
    NamedTensors tensors;
    tensors["a"] = {{2, 2}, std::vector<float>{1, 2, 3, 4}};
    std::string bytes = encode_tensors(tensors);
    const auto changes = *rc::gen::container<std::vector<std::pair<std::size_t, char>>>(
        rc::gen::pair(rc::gen::inRange<std::size_t>(0, bytes.size()), rc::gen::arbitrary<char>()));
    for (const auto& [place, byte] : changes) bytes[place] = byte;
    const auto file = SafetensorsFile::parse(bytes, "changed");
    if (file && file->has("a")) {
      const auto read = file->floats("a", {2, 2});
      if (read) RC_ASSERT(read->size() == 4U);
    }
  }));
}

}  // namespace
}  // namespace eddy

// The safetensors format: a file of another writer, round trips, and what must be refused.
#include "caviar/model/safetensors.hpp"

#include <array>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

std::string with_header(const std::string& header, const std::string& data) {
  std::string bytes(8, 0);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

std::string refusal(const std::string& bytes) {
  try {
    parse_safetensors(bytes, "m.safetensors");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "nothing";
}

void expect_refused(const std::string& header, const std::string& data, const std::string& part) {
  const std::string error = refusal(with_header(header, data));
  EXPECT_NE(error.find(part), std::string::npos) << header << " gave: " << error;
  EXPECT_EQ(error.rfind("m.safetensors: ", 0), 0U) << error;
}

std::string sample() {
  const std::array<float, 6> weights = {1, -2, 0.5F, 3e-8F, 0, -0.0F};
  const std::array<double, 2> exact = {0.1, -1e300};
  const std::array<std::uint32_t, 3> order = {2, 0, 1};
  const std::vector<StoredTensor> tensors = {
      stored<float>("0.weight", {2, 3}, weights), stored<double>("exact", {2}, exact),
      stored<std::uint32_t>("order", {3}, order),
      stored<float>("empty", {0, 4}, std::span<const float>())};
  return safetensors_bytes(tensors, {{"format", "caviar"}});
}

TEST(Safetensors, ReturnsWhatWasWritten) {
  const StoredTensors read = parse_safetensors(sample(), "m");
  ASSERT_EQ(read.all().size(), 4U);
  EXPECT_EQ(read.metadata().at("format"), "caviar");
  std::array<float, 6> weights{};
  read.copy<float>("0.weight", {2, 3}, weights);
  EXPECT_EQ(weights[3], 3e-8F);
  EXPECT_TRUE(std::signbit(weights[5]));
  std::array<double, 2> exact{};
  read.copy<double>("exact", {2}, exact);
  EXPECT_EQ(exact[0], 0.1);
  std::array<std::uint32_t, 3> order{};
  read.copy<std::uint32_t>("order", {3}, order);
  EXPECT_EQ(order[0], 2U);
  EXPECT_TRUE(read.has("empty"));
  EXPECT_FALSE(read.has("1.weight"));
}

// Written by the reference implementation (Python, safetensors 0.8): {"b": float32 [1, 2, 3],
// "a": int64 [[7]]}.
TEST(Safetensors, ReadsAFileOfTheReferenceImplementation) {
  const std::string header =
      R"({"a":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[3],"data_offsets":[8,20]}}  )";
  const std::string data("\x07\0\0\0\0\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40", 20);
  const StoredTensors read = parse_safetensors(with_header(header, data), "m");
  std::array<std::int64_t, 1> a{};
  std::array<float, 3> b{};
  read.copy<std::int64_t>("a", {1, 1}, a);
  read.copy<float>("b", {3}, b);
  EXPECT_EQ(a[0], 7);
  EXPECT_EQ(b, (std::array<float, 3>{1, 2, 3}));
}

TEST(Safetensors, AlignsTheNumbers) {
  const std::string bytes = sample();
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0U);
}

TEST(Safetensors, SaysWhichTensorIsNotAsExpected) {
  const StoredTensors read = parse_safetensors(sample(), "m.safetensors");
  std::array<float, 6> into{};
  const auto error_of = [&](const std::string& name, const std::vector<std::size_t>& shape) {
    try {
      read.copy<float>(name, shape, into);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(error_of("1.weight", {2, 3}), "m.safetensors: tensor '1.weight' is missing");
  EXPECT_EQ(error_of("0.weight", {3, 2}),
            "m.safetensors: tensor '0.weight' is F32 [2, 3]; F32 [3, 2] was expected");
  EXPECT_EQ(error_of("exact", {2}),
            "m.safetensors: tensor 'exact' is F64 [2]; F32 [2] was expected");
}

TEST(Safetensors, RefusesWhatIsNoSuchFile) {
  const std::string a = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)";
  EXPECT_NE(refusal("abc").find("3 bytes are no safetensors file"), std::string::npos);
  EXPECT_NE(refusal(std::string(8, '\xff')).find("cut off"), std::string::npos);
  expect_refused("[]", "", "no JSON object");
  expect_refused("{", "", "no JSON object");
  expect_refused(a + "[0,8]}}", "1234", "do not lie in the 4 bytes");
  expect_refused(a + "[8,0]}}", "12345678", "do not lie in");
  expect_refused(a + "[0]}}", "12345678", "do not lie in");
  expect_refused(a + "[0,-8]}}", "12345678", "no whole number from 0 on");
  expect_refused(a + "[0,4]}}", "1234", "takes 8 bytes, data_offsets give it 4");
  expect_refused(a + "[0,8]}}", "123456789", "bytes 8 to 9 of the data belong to no tensor");
  expect_refused(a + "[4,12]}}", "123456789012", "bytes 0 to 4");
  expect_refused(a + "[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                 "123456789012", "overlap at byte 4");
  expect_refused(R"({"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})", "1234",
                 "'BF16' are not read here");
  expect_refused(R"({"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}})", "12345678",
                 "shape: a list of numbers");
  expect_refused(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})",
                 "", "too large");
  expect_refused(R"({"a":3})", "", "an object was expected");
  expect_refused(R"({"__metadata__":{"a":1}})", "", "a text was expected");
}

TEST(Safetensors, SurvivesDamage) {
  const std::string whole = sample();
  Rng rng(5);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = whole;
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0; --changes) {
      bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
    }
    if (rng.below(4) == 0) bytes.resize(rng.below(bytes.size()));
    try {
      parse_safetensors(bytes, "m");
    } catch (const Error&) {  // any other exception fails the test
    }
  }
}

}  // namespace
}  // namespace caviar

#include "caviar/storage/json_text.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

Value round_trip(const Value& value) {
  std::string text;
  write_value(text, value);
  JsonReader reader(text);
  Value back = reader.value();
  reader.end();
  return back;
}

TEST(JsonText, ValuesKeepTheirTypeAndBits) {
  const double huge = std::numeric_limits<double>::max();
  const double tiny = std::numeric_limits<double>::denorm_min();
  for (const Value& value :
       {Value(true), Value(false), Value(std::int64_t{3}), Value(3.0), Value(-0.0), Value(0.1),
        Value(1e300), Value(1e-300), Value(1e22), Value(huge), Value(tiny),
        Value(std::numeric_limits<std::int64_t>::min()), Value(std::string()),
        Value(std::string("nan")), Value(std::string("a\"b\\c\n\t\x01\x7f ä€😀"))}) {
    EXPECT_EQ(round_trip(value), value);
  }
  EXPECT_TRUE(std::signbit(std::get<double>(round_trip(-0.0))));
  EXPECT_TRUE(std::isnan(std::get<double>(round_trip(std::nan("")))));
  EXPECT_EQ(std::get<double>(round_trip(-INFINITY)), -INFINITY);
}

TEST(JsonText, EveryFiniteDoubleReadsBackToItsBits) {
  Rng rng(1);
  for (int draw = 0; draw < 20000; ++draw) {
    const double number = std::bit_cast<double>(rng.next());
    if (!std::isfinite(number)) continue;
    std::string text;
    write_number(text, number);
    ASSERT_EQ(std::bit_cast<std::uint64_t>(JsonReader(text).number()),
              std::bit_cast<std::uint64_t>(number))
        << text;
  }
}

TEST(JsonText, WhatItWritesIsJson) {
  std::string every_byte;
  for (int byte = 1; byte < 128; ++byte) every_byte += static_cast<char>(byte);
  every_byte += '\0';
  std::string text;
  write_text(text, every_byte);
  EXPECT_EQ(nlohmann::json::parse(text).get<std::string>(), every_byte);
  EXPECT_EQ(JsonReader(text).text(), every_byte);
}

TEST(JsonText, ReadsTheEscapesOfOthers) {
  EXPECT_EQ(JsonReader(R"("\u00e4\u20ac\ud83d\ude00\/\b\f\r\t")").text(), "ä€😀/\b\f\r\t");
}

TEST(JsonText, BytesOfNoEncodingAreKept) {
  const std::string bytes = "\xff\xfe\x80 caf\xe9";
  std::string text;
  write_text(text, bytes);
  EXPECT_EQ(JsonReader(text).text(), bytes);
}

TEST(JsonText, ReadsListsAndObjectsWithBlanks) {
  JsonReader reader(" { \"a\" : [ 1 , 2.5, \"inf\" ] , \"b\" : [] } ");
  std::vector<double> numbers;
  std::string keys;
  reader.object([&](std::string_view key) {
    keys += key;
    reader.list([&] { numbers.push_back(reader.number()); });
  });
  reader.end();
  EXPECT_EQ(keys, "ab");
  EXPECT_EQ(numbers, (std::vector<double>{1, 2.5, INFINITY}));
}

TEST(JsonText, RefusesEverythingElse) {
  for (const char* text :
       {"", "-", "1e", "+1", "nan", "inf", "0x10", "tru", "\"a", "\"\\x\"", "\"\\u12",
        "\"\\ud83d\"", "{\"int\":1}", "1 2", "99999999999999999999"}) {
    JsonReader reader(text);
    EXPECT_THROW((reader.value(), reader.end()), Error) << text;
  }
}

}  // namespace
}  // namespace caviar

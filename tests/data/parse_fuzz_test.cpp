// Thousands of damaged files of every format, the same ones every time, and random bytes: each is
// either read, and then is a sound table that can be prepared, split and described, or refused with
// an Error that names the file. Nothing else.
#include <array>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/data/date.hpp"
#include "caviar/data/parse_number.hpp"
#include "caviar/data/preprocess.hpp"
#include "caviar/data/read_table.hpp"
#include "caviar/data/split.hpp"
#include "caviar/data/summary.hpp"
#include "caviar/data/target.hpp"
#include "caviar/data/unpack.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using namespace testing_files;

struct Tally {
  int read = 0, refused = 0;
};

void expect_sound(const Table& table) {
  ASSERT_GT(table.rows, 0U);
  ASSERT_FALSE(table.columns.empty());
  for (const Column& column : table.columns) {
    ASSERT_EQ(column.has_levels() ? column.codes.size() : column.numbers.size(), table.rows);
    for (const auto code : column.codes) {
      ASSERT_GE(code, missing_level);
      ASSERT_LT(code, std::int64_t(column.levels.size()));
    }
    for (std::size_t row = 0; row < column.numbers.size(); ++row) {
      ASSERT_FALSE(std::isinf(column.numbers[row]));
    }
    values_text(column, summarize(column));
  }
}

// What a table is for. A target that cannot be learnt is refused, as it should be.
void use(const Table& table) {
  std::vector<std::size_t> columns, rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].type != ColumnType::text) columns.push_back(i);
  }
  const Preprocessor learnt = Preprocessor::learn(table, columns, rows);
  const Preprocessor stored =
      preprocessor_from_json(Node::parse_json(to_json(learnt).dump(), "stored"));
  ASSERT_EQ(stored, learnt);
  const std::vector<float> x = stored.apply(table, rows);
  ASSERT_TRUE(std::all_of(x.begin(), x.end(), [](float value) { return std::isfinite(value); }));
  const Target target = read_target(table, table.columns.back().name);
  const TargetCode code = learn_target(table, target, rows);
  ASSERT_EQ(target_from_json(Node::parse_json(to_json(code).dump(), "stored")), code);
  ASSERT_EQ(read_target(table, code).labels, target.labels);
  split_rows(table.rows, target.labels, {});
}

void expect_table_or_error(const std::string& bytes, const TableOptions& options, Tally& tally) {
  bool read = false;
  try {
    const Table table = parse_table(content_of(bytes), "t.bin", options);
    read = true;
    ++tally.read;
    expect_sound(table);
    use(table);
  } catch (const Error& error) {
    tally.refused += read ? 0 : 1;
    if (read) return;
    ASSERT_EQ(std::string(error.what()).rfind("t.bin", 0), 0U) << error.what();
    ASSERT_NE(error.fault(), Fault::internal) << error.what();
  } catch (const std::exception& error) {
    FAIL() << "not an Error: " << error.what();
  }
}

constexpr std::array words = {",",     ";",          "\t",  "\"",   "\n",   "\r\n",
                              "1e999", "-0",         "NA",  "yes",  "no",   "'",
                              ":",     "2024-02-30", "#",   "qid:", "(",    ")",
                              "True",  "False",      "<f8", "<i4",  "|u1",  ">f4",
                              "PK",    "1e-5",       ".",   "nan",  "\xff", "\xEF\xBB\xBF",
                              "0",     "99999999"};

void mutate(std::string& bytes, Rng& rng) {
  const std::size_t at = rng.below(bytes.size() + 1);
  const char* word = words[rng.below(words.size())];
  switch (rng.below(7)) {
    case 0:
      bytes.erase(at, rng.below(5));
      break;
    case 1:
      bytes.insert(at, word);
      break;
    case 2:
      bytes.insert(at, 1, static_cast<char>(rng.below(256)));
      break;
    case 3:
      bytes.replace(at, rng.below(6), word);
      break;
    case 4:
      bytes.resize(at);
      break;
    case 5:
      if (at < bytes.size()) bytes[at] = static_cast<char>(rng.below(256));
      break;
    default:
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8)));
  }
}

void damage(const std::string& good, int rounds, std::uint64_t seed,
            const TableOptions& options = {}, int least = 50) {
  Rng rng(seed);
  Tally tally;
  expect_table_or_error(good, options, tally);
  ASSERT_EQ(tally.read, 1);
  for (int i = 0; i < rounds; ++i) {
    std::string bytes = good;
    for (std::uint64_t n = 1 + rng.below(4); n > 0; --n) mutate(bytes, rng);
    expect_table_or_error(bytes, options, tally);
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(tally.read, least);
  EXPECT_GT(tally.refused, least);
}

TEST(ParseFuzz, DamagedCsvIsReadOrRefused) {
  damage("a,\"b \"\"q\"\"\",c,d\n1,x,2.5,2024-01-01\r\n,\"y,\nz\",nan,\n-3e2,x,7,2023-01-01\n",
         1200, 1);
  damage("a;on;t\n1;yes;u\n2;no;v\n3;yes;u\n", 1000, 2,
         {.types = {{"a", ColumnType::category}}, .types_may_miss = true});
  damage("1\t2\t3\n4\t5\t6\n7\t8\t9\n", 1000, 3);
}

TEST(ParseFuzz, DamagedIdxIsReadOrRefused) {
  damage(idx(0x08, {3, 2, 2}, "abcdefghijkl"), 1000, 4);
  damage(idx(0x0D, {2, 2}, std::string("\x3f\x80\0\0\xc0\0\0\0\x3f\x80\0\0\x40\0\0\0", 16)), 1000,
         5);
}

TEST(ParseFuzz, DamagedNumpyIsReadOrRefused) {
  damage(npy("<f8", "3, 2", bytes_of<double>({1, 2, 3, 4, 5, 6})), 1500, 6);
  damage(npy(">i2", "2, 3", "abcdefghijkl", true), 1000, 7);
  const std::string x = npy("|u1", "2, 2, 1", "\1\2\3\4"),
                    y = npy("<i8", "2,", bytes_of<std::int64_t>({7, 8}));
  damage(npz({{"x", x}, {"y", y}}, false), 1500, 8, {}, 20);
  damage(npz({{"x_train", x}, {"y_train", y}, {"x_test", x}}, true), 1500, 9, {}, 20);
}

TEST(ParseFuzz, DamagedLibsvmIsReadOrRefused) {
  damage("+1 1:0.5 3:-2e1 # one\n-1 2:7\r\n1 qid:3 1:2 9:1\n", 1500, 10);
}

// The file is refused before it is a table: unpacked to what was packed, or an Error.
TEST(ParseFuzz, DamagedPackedFilesAreUnpackedOrRefused) {
  std::string text;
  Rng rng(11);
  for (int i = 0; i < 300; ++i) text += std::to_string(rng.below(1000)) + ",";
  const auto unpack = [&](const std::string& packed) {
    if (packed.starts_with("\x1F\x8B")) return unpack_gzip(packed, "t.bin");
    if (packed.starts_with("\x28\xB5\x2F\xFD")) return unpack_zstd(packed, "t.bin");
    return unpack_deflate(packed, text.size(), "t.bin");
  };
  for (const std::string& good : {gzip(text), zstd(text), deflated(text, -15)}) {
    ASSERT_EQ(unpack(good).bytes, text);
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
      std::string packed = good;
      for (std::uint64_t n = 1 + rng.below(3); n > 0; --n) mutate(packed, rng);
      try {
        unpack(packed);
      } catch (const Error& error) {
        ++refused;
        ASSERT_EQ(error.fault(), Fault::io) << error.what();
      }
    }
    EXPECT_GT(refused, 1000);
  }
}

TEST(ParseFuzz, RandomBytesAreReadOrRefused) {
  Rng rng(12);
  const std::array<std::string, 6> starts = {
      "", "\x93NUMPY\x01", std::string("\0\0\x08\x02", 4), "PK\x03\x04", "1 1:", "a,b\n"};
  Tally tally;
  for (int i = 0; i < 12000; ++i) {
    std::string bytes = starts[std::size_t(i) % starts.size()];
    for (std::uint64_t n = rng.below(100); n > 0; --n) {
      bytes += rng.below(3) == 0 ? words[rng.below(words.size())]
                                 : std::string(1, static_cast<char>(rng.below(256)));
    }
    expect_table_or_error(bytes, {}, tally);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(tally.refused, 5000);
}

TEST(ParseFuzz, AnyTextIsANumberADateOrNeither) {
  Rng rng(13);
  const std::string alphabet = "0123456789.-+eE:/TZ ";
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (std::uint64_t n = rng.below(25); n > 0; --n) text += alphabet[rng.below(alphabet.size())];
    if (const auto number = number_in(text)) {
      char* end = nullptr;
      ASSERT_EQ(*number, std::strtod(text.c_str(), &end)) << text;
      ASSERT_EQ(*end, '\0') << text;
    }
    parse_date(text);
    std::string date = "2024-02-29 10:30:15.5+01:00";
    date[rng.below(date.size())] = alphabet[rng.below(alphabet.size())];
    if (const auto seconds = parse_date(date)) {
      ASSERT_TRUE(std::isfinite(*seconds));
      ASSERT_EQ(date_text(*seconds).size(), 10U);
    }
  }
}

}  // namespace
}  // namespace caviar

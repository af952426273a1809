// IDX, NumPy, LIBSVM and compressed files: what is read, and what is refused with which words.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/read_table.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using namespace testing_files;

constexpr int u8 = 0x08, i16 = 0x0B, f32 = 0x0D;

Table parse(const std::string& bytes, const TableOptions& options = {}) {
  return parse_table(content_of(bytes), "t.bin", options);
}
std::string refusal(const std::string& bytes, Fault fault = Fault::input) {
  return error_of([&] { parse(bytes); }, fault);
}
std::vector<double> column(const Table& table, const std::string& name) {
  return table.columns[table.need(name, "test")].numbers.values();
}

TEST(Content, IsUnpackedWhateverItsName) {
  const Folder folder;
  Rng rng(1);
  std::string text;
  for (int i = 0; i < 300000; ++i) text += char('a' + rng.below(20));
  for (const std::string& packed :
       {text, gzip(text), zstd(text), gzip(text.substr(0, 1000)) + gzip(text.substr(1000)),
        zstd(text.substr(0, 1000)) + zstd(text.substr(1000))}) {
    EXPECT_EQ(read_content(folder.write("x", packed)).bytes, text);
  }
  EXPECT_EQ(read_content(folder.write("empty", "")).bytes, "");
  EXPECT_EQ(read_content(folder.write("x", gzip(""))).bytes, "");
  EXPECT_EQ(read_content(folder.write("x", gzip(std::string(5000000, 'a')))).bytes.size(),
            5000000U);
}

TEST(Content, IsRefusedWhereItIsDamaged) {
  const Folder folder;
  Rng rng(1);
  std::string text;
  for (int i = 0; i < 20000; ++i) text += char(rng.below(256));
  for (const std::string& whole : {gzip(text), zstd(text)}) {
    for (const std::size_t size : {6UL, 100UL, whole.size() / 2, whole.size() - 1}) {
      const std::string path = folder.write("x", whole.substr(0, size));
      EXPECT_EQ(error_of([&] { read_content(path); }, Fault::io).rfind(path, 0), 0U) << size;
    }
    std::string damaged = whole;
    damaged[1000] = char(~damaged[1000]);
    damaged[damaged.size() - 6] = char(~damaged[damaged.size() - 6]);
    const std::string path = folder.write("x", damaged);
    if (whole.starts_with("\x1F")) {
      EXPECT_NE(error_of([&] { read_content(path); }, Fault::io).find("corrupt"),
                std::string::npos);
    }
  }
}

TEST(Idx, GivesPicturesWithTheLabelsBesideThem) {
  const Folder folder;
  const std::string images = idx(u8, {2, 2, 3}, std::string("\0\1\2\3\4\5\6\7\xff\t\n\x0b", 12));
  const std::string path = folder.write("train-images-idx3-ubyte.gz", gzip(images));
  const Table alone = read_table(path);
  EXPECT_EQ(alone.columns.size(), 6U);
  EXPECT_EQ(usual_target(alone), "");
  folder.write("train-labels-idx1-ubyte", idx(u8, {2}, "\5\7"));
  const Table table = read_table(path);
  EXPECT_EQ(table.image, (ImageShape{2, 3, 1}));
  EXPECT_EQ(table.rows, 2U);
  EXPECT_EQ(column(table, "pixel_0_2"), (std::vector<double>{2, 255}));
  EXPECT_EQ(column(table, "pixel_1_0"), (std::vector<double>{3, 9}));
  EXPECT_EQ(column(table, "label"), (std::vector<double>{5, 7}));
  EXPECT_EQ(usual_target(table), "label");
  const std::string other = folder.write("other.gz", gzip(idx(u8, {2}, "\1\2")));
  EXPECT_EQ(column(read_table(path, {.labels = other}), "label"), (std::vector<double>{1, 2}));
  const Table told = read_table(path, {.types = {{"label", ColumnType::category}}});
  EXPECT_EQ(told.columns.back().levels, (std::vector<std::string>{"5", "7"}));
}

TEST(Idx, ReadsEveryTypeOfNumber) {
  const Table shorts = parse(idx(i16, {2, 2}, std::string("\0\1\xff\xff\1\0\x7f\xff", 8)));
  EXPECT_EQ(column(shorts, "pixel_0"), (std::vector<double>{1, 256}));
  EXPECT_EQ(column(shorts, "pixel_1"), (std::vector<double>{-1, 32767}));
  EXPECT_FALSE(shorts.image);
  const Table floats = parse(idx(f32, {2}, std::string("\x3f\x80\0\0\xc0\0\0\0", 8)));
  EXPECT_EQ(column(floats, "label"), (std::vector<double>{1, -2}));
}

TEST(Idx, RefusesWithPlaceAndExpectation) {
  const Folder folder;
  EXPECT_EQ(refusal(idx(u8, {3, 2, 2}, "12345")),
            "t.bin: 5 bytes of data for 3 × 2 × 2 numbers of 1 byte: the file is cut off or no IDX "
            "file");
  EXPECT_NE(refusal(idx(u8, {4000000000U, 4000000000U, 4000000000U}, "12345")), "");
  EXPECT_NE(refusal(idx(u8, {0, 2, 2}, "")), "");
  EXPECT_NE(refusal(std::string("\0\0\x08\3\0\0", 6)), "");
  const std::string images = folder.write("a-images-idx3-ubyte", idx(u8, {2, 1, 1}, "12"));
  const std::string labels = folder.write("a-labels-idx1-ubyte", idx(u8, {3}, "123"));
  EXPECT_EQ(error_of([&] { read_table(images); }),
            labels + ": 3 rows of 'label', but 2 of 'pixel'; as many were expected");
  folder.write("a-labels-idx1-ubyte", "none");
  EXPECT_NE(error_of([&] { read_table(images); }).find("this is no IDX file"), std::string::npos);
  EXPECT_NE(error_of([&] { read_table(images, {.labels = folder.path("no")}); }, Fault::missing),
            "");
}

TEST(Npy, ReadsBothOrdersOfEveryType) {
  const std::vector<double> numbers = {1, 2, 3, 4, 5, 6};
  const Table c = parse(npy("<f8", "3, 2", bytes_of(numbers)));
  EXPECT_EQ(column(c, "x_0"), (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(column(c, "x_1"), (std::vector<double>{2, 4, 6}));
  const Table fortran = parse(npy("<f8", "3, 2", bytes_of(numbers), true));
  EXPECT_EQ(column(fortran, "x_0"), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(column(fortran, "x_1"), (std::vector<double>{4, 5, 6}));
  EXPECT_EQ(column(parse(npy("<f4", "2,", bytes_of<float>({0.5F, NAN}))), "x")[0], 0.5);
  EXPECT_EQ(column(parse(npy("<i8", "2,", bytes_of<std::int64_t>({-5, 7}))), "x"),
            (std::vector<double>{-5, 7}));
  EXPECT_EQ(column(parse(npy("|b1", "2,", std::string("\1\0", 2))), "x"),
            (std::vector<double>{1, 0}));
  EXPECT_EQ(column(parse(npy("|i1", "2,", "\xff\x02")), "x"), (std::vector<double>{-1, 2}));
  EXPECT_EQ(column(parse(npy(">u2", "2,", std::string("\1\0\0\2", 4))), "x"),
            (std::vector<double>{256, 2}));
  EXPECT_EQ(column(parse(npy("<u4", "2, 1", bytes_of<std::uint32_t>({9, 4000000000U}))), "x"),
            (std::vector<double>{9, 4e9}));
  const Table cube = parse(npy("<f8", "2, 1, 3", bytes_of(numbers), true));
  EXPECT_EQ(column(cube, "x_0_2"), (std::vector<double>{5, 6}));
}

TEST(Npy, TakesItsLabelsFromAnotherFile) {
  const Folder folder;
  const std::string x = folder.write("x.npy", npy("<f8", "2, 1", bytes_of<double>({1, 2})));
  const std::string y = folder.write("y.npy", npy("|u1", "2,", "\3\4"));
  EXPECT_EQ(column(read_table(x, {.labels = y}), "label"), (std::vector<double>{3, 4}));
}

TEST(Npy, RefusesWhatItCannotMean) {
  const std::string data = bytes_of<double>({1, 2});
  EXPECT_EQ(refusal(npy("<U5", "2,", data)),
            "t.bin: its numbers are of NumPy's type '<U5'; f4, f8, i1 to i8, u1 to u8 or booleans "
            "were expected");
  EXPECT_EQ(refusal(npy("<f8", "3,", data)),
            "t.bin: 16 bytes of data are too few for its shape: the file is cut off");
  EXPECT_EQ(
      refusal(npy("<f8", "2,", bytes_of<double>({1, INFINITY}))),
      "t.bin: row 1 of column 'x' is infinite; a finite number, or NaN for a missing one, was "
      "expected");
  for (const char* shape : {"-2,", "2", "99999999999999999999,", "9999999999, 9999999999", "0,",
                            "0, 5", "5, 0", "1,1,1,1,1,1,1,1,1", "x"}) {
    const std::string text = refusal(npy("<f8", shape, ""));
    EXPECT_EQ(text.rfind("t.bin: ", 0), 0U) << shape << text;
  }
  EXPECT_NE(refusal("\x93NUMPY"), "");
}

TEST(Npz, JoinsArraysAndTakesTheWantedPart) {
  const std::string x = npy("|u1", "2, 2, 1", "\1\2\3\4"),
                    y = npy("<i8", "2,", bytes_of<std::int64_t>({7, 8}));
  for (const bool packed : {false, true}) {
    const Table table = parse(npz({{"y", y}, {"x", x}}, packed));
    EXPECT_EQ(table.image, (ImageShape{2, 1, 1}));
    EXPECT_EQ(column(table, "x_1_0"), (std::vector<double>{2, 4}));
    EXPECT_EQ(column(table, "y"), (std::vector<double>{7, 8}));
    EXPECT_EQ(usual_target(table), "y");
    const std::string parts = npz({{"x_train", x},
                                   {"y_train", y},
                                   {"x_test", npy("|u1", "1, 2, 1", "\5\6")},
                                   {"y_test", npy("<i8", "1,", bytes_of<std::int64_t>({9}))}},
                                  packed);
    EXPECT_EQ(column(parse(parts), "y"), (std::vector<double>{7, 8}));
    EXPECT_EQ(column(parse(parts, {.part = TableOptions::Part::test}), "x_0_0"),
              (std::vector<double>{5}));
  }
}

TEST(Npz, RefusesDamage) {
  const std::string good = npz({{"x", npy("<f8", "2,", bytes_of<double>({1, 2}))}}, false);
  EXPECT_EQ(refusal(good.substr(0, good.size() - 30)),
            "t.bin: the zip file has no end: it is cut off");
  std::string wrong = good;
  wrong[wrong.find("PK\x01\x02") - 1] ^= 1;  // the last byte of the numbers
  EXPECT_NE(refusal(wrong, Fault::io).find("its checksum is wrong"), std::string::npos);
  EXPECT_EQ(refusal(npz({}, false)), "t.bin: the zip file holds no arrays");
  const std::string one = npy("<f8", "1,", bytes_of<double>({1}));
  EXPECT_EQ(refusal(npz({{"a", npy("<f8", "2,", bytes_of<double>({1, 2}))}, {"b", one}}, true)),
            "t.bin: 1 rows of 'b', but 2 of 'a'; as many were expected");
  EXPECT_EQ(refusal(npz({{"a", one}, {"a", one}}, true)),
            "t.bin: two columns are named 'a'; names must differ");
}

TEST(Libsvm, IsReadDense) {
  const Table table = parse("# made by hand\n+1 1:0.5 3:-2e1 # one\n\n-1 2:7\r\n1\n");
  EXPECT_EQ(table.rows, 3U);
  EXPECT_EQ(column(table, "feature_1"), (std::vector<double>{0.5, 0, 0}));
  EXPECT_EQ(column(table, "feature_2"), (std::vector<double>{0, 7, 0}));
  EXPECT_EQ(column(table, "feature_3"), (std::vector<double>{-20, 0, 0}));
  EXPECT_EQ(column(table, "label"), (std::vector<double>{1, -1, 1}));
  const Table ranked = parse("3 qid:1 0:1\n1 qid:1 0:2\n");
  EXPECT_EQ(column(ranked, "feature_0"), (std::vector<double>{1, 2}));
  EXPECT_EQ(column(ranked, "qid"), (std::vector<double>{1, 1}));
}

TEST(Libsvm, RefusesWithTheLine) {
  EXPECT_EQ(refusal("1 1:2\n2 3:1 2:1\n"), "t.bin:2: index 2 stands behind 3; they must ascend");
  EXPECT_EQ(refusal("1 1:2\nx 1:1\n"), "t.bin:2: 'x' is not a number, which the label must be");
  EXPECT_EQ(refusal("1 1:2\n1 1:x\n"), "t.bin:2: 'x' is not a number, which a value must be");
  EXPECT_EQ(refusal("1 1:2\n1 1\n"), "t.bin:2: '1' is no index:value");
  EXPECT_EQ(refusal("1 1:2\n1 -1:1\n"), "t.bin:2: '-1' is no index; a whole number was expected");
  EXPECT_NE(refusal("1 1:2\n1 4000000000:1\n").find("too many for dense arithmetic"),
            std::string::npos);
}

TEST(Csv, FindsDelimiterAndHeader) {
  const Table semicolons = parse("a;b\n1;\"x;y\"\n2;z\n");
  EXPECT_EQ(column(semicolons, "a"), (std::vector<double>{1, 2}));
  const Table tabs = parse("a\tb c\t d\n1\t 2 \t\n3\t4\t5\n");
  EXPECT_EQ(column(tabs, "b c"), (std::vector<double>{2, 4}));
  EXPECT_TRUE(std::isnan(column(tabs, "d")[0]));
  const Table headless = parse("5.1,3.5,setosa\n4.9,3,virginica\n");
  EXPECT_EQ(column(headless, "column_1"), (std::vector<double>{5.1, 4.9}));
  EXPECT_EQ(headless.columns[2].levels, (std::vector<std::string>{"setosa", "virginica"}));
  EXPECT_EQ(column(parse("2019,2020\n1,2\n", {.header = true}), "2019"), (std::vector<double>{1}));
  EXPECT_EQ(parse("a,b\nc,d\n", {.header = false}).rows, 2U);
  EXPECT_EQ(parse("a;b,c\nx;y,z\n", {.delimiter = ','}).columns[0].name, "a;b");
  EXPECT_EQ(refusal("1,2\n3\n"),
            "t.bin:2: 1 cells, but the first line has 2 columns; the first without one is "
            "'column_2'");
}

TEST(Csv, DecidesLateWhatAColumnIs) {
  // Levels first, then a number, then more levels; and numbers first, but mostly levels.
  const Table table = parse("a,b,c\n,1,x\nu,01,2\n3,v,y\nw,w,z\n,v,\n");
  EXPECT_EQ(table.columns[0].levels, (std::vector<std::string>{"u", "3", "w"}));
  EXPECT_EQ(table.columns[0].codes, (std::vector<std::int32_t>{-1, 0, 1, 2, -1}));
  EXPECT_EQ(table.columns[1].levels, (std::vector<std::string>{"1", "01", "v", "w"}));
  EXPECT_EQ(table.columns[1].codes, (std::vector<std::int32_t>{0, 1, 2, 3, 2}));
  EXPECT_EQ(refusal("a,z\nold,1\n1,1\n2,1\n"),
            "t.bin:2: column 'a': 'old' is not a number, but 2 other cells of it are; correct it, "
            "leave the cell empty, or list the column under `categorical`");
  EXPECT_EQ(refusal("a,z\nold,1\nold,1\n\xe4,1\n"),
            "t.bin:4: column 'a' holds text that is not UTF-8; save the file as UTF-8");
}

// Whatever is written with 1 to 20 digits and any exponent reads back as the nearest double.
TEST(Csv, ReadsNumbersToTheLastBit) {
  Rng rng(9);
  std::string text = "x\n";
  std::vector<double> expected;
  for (int i = 0; i < 20000; ++i) {
    std::string number = rng.below(4) == 0 ? "-" : "";
    const std::uint64_t digits = 1 + rng.below(20), point = rng.below(digits + 1);
    for (std::uint64_t at = 0; at < digits; ++at) {
      if (at == point) number += '.';
      number += char('0' + rng.below(10));
    }
    if (rng.below(3) == 0) number += "e" + std::to_string(int(rng.below(80)) - 40);
    text += number + "\n";
    expected.push_back(std::strtod(number.c_str(), nullptr));
  }
  EXPECT_EQ(column(parse(text), "x"), expected);
}

}  // namespace
}  // namespace caviar

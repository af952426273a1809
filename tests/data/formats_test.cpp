// IDX, NumPy, LIBSVM and compressed files: what is read, and what is refused with which words.
#include <cmath>
#include <fstream>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "caviar/base/rng.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/read_table.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using namespace testing_files;
using namespace std::string_literals;

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

TEST(Content, ComesThroughAPipe) {
  const Folder folder;
  const std::string pipe = folder.path("pipe"), text(300000, 'x');
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& packed : {text, gzip(text)}) {
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << packed; });
    EXPECT_EQ(read_content(pipe).bytes, text);
    writer.join();
  }
  std::thread writer([&] { std::ofstream(pipe, std::ios::binary).flush(); });
  EXPECT_NE(error_of([&] { read_content(pipe); }).find("nothing came"), std::string::npos);
  writer.join();
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
  EXPECT_TRUE(usual_targets(alone).empty());
  folder.write("train-labels-idx1-ubyte", idx(u8, {2}, "\5\7"));
  const Table table = read_table(path);
  EXPECT_EQ(table.image, (ImageShape{2, 3, 1}));
  EXPECT_EQ(table.rows, 2U);
  EXPECT_EQ(column(table, "pixel_0_2"), (std::vector<double>{2, 255}));
  EXPECT_EQ(column(table, "pixel_1_0"), (std::vector<double>{3, 9}));
  EXPECT_EQ(column(table, "label"), (std::vector<double>{5, 7}));
  EXPECT_EQ(usual_targets(table), std::vector<std::string>{"label"});
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

// 1, -2, the smallest above 0, 65504, not a number.
TEST(Npy, ReadsHalfPrecision) {
  const std::vector<std::uint16_t> halves = {0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7E00};
  const Table table = parse(npy("<f2", "5,", bytes_of(halves)));
  const std::vector<double> x = column(table, "x");
  EXPECT_EQ(std::vector<double>(x.begin(), x.begin() + 4),
            (std::vector<double>{1, -2, std::ldexp(1.0, -24), 65504}));
  EXPECT_TRUE(std::isnan(x[4]));
  EXPECT_TRUE(table.columns[0].is_missing(4));
  EXPECT_EQ(column(parse(npy(">f2", "1,", std::string("\x3C\0", 2))), "x"),
            (std::vector<double>{1}));
  EXPECT_NE(refusal(npy("<f2", "1,", bytes_of<std::uint16_t>({0x7C00}))).find("is infinite"),
            std::string::npos);
}

TEST(Npy, ReadsTextsAsCategories) {
  const std::u32string letters = U"red\0\0\U0001F41F\u00E9\0\0\0red\0\0NA\0\0\0"s;
  const std::string wide(reinterpret_cast<const char*>(letters.data()), letters.size() * 4);
  const Table table = parse(npy("<U5", "2, 2", wide));
  EXPECT_EQ(table.columns[0].name, "x_0");
  EXPECT_EQ(table.columns[0].type, ColumnType::category);
  EXPECT_EQ(table.columns[0].levels, std::vector<std::string>{"red"});
  EXPECT_EQ(table.columns[1].levels, std::vector<std::string>{"\xF0\x9F\x90\x9F\xC3\xA9"});
  EXPECT_EQ(table.columns[1].codes, (std::vector<std::int32_t>{0, missing_level}));
  std::string foreign;
  for (std::size_t i = 0; i < wide.size(); i += 4) {
    foreign += std::string(wide.rbegin() + std::ptrdiff_t(wide.size() - i - 4),
                           wide.rbegin() + std::ptrdiff_t(wide.size() - i));
  }
  EXPECT_EQ(parse(npy(">U5", "2, 2", foreign)).columns[1].levels, table.columns[1].levels);
  const std::string bytes("yes\0no\0\0", 8);
  EXPECT_EQ(parse(npy("|S4", "2,", bytes)).columns[0].type, ColumnType::yes_no);
  const std::string spelt("1.5\0002\0\0\0", 8);
  EXPECT_EQ(column(parse(npy("|S4", "2,", spelt), {.types = {{"x", ColumnType::number}}}), "x"),
            (std::vector<double>{1.5, 2}));
  EXPECT_NE(refusal(npy("|S2", "1,", "\xff\xfe")).find("is no text"), std::string::npos);
  EXPECT_NE(refusal(npy("<U1", "1,", bytes_of<std::uint32_t>({0xD800}))).find("is no text"),
            std::string::npos);
  EXPECT_NE(refusal(npy("<U5", "3,", "short")).find("cut off"), std::string::npos);
}

// One-hot rows are classes, other rows several targets.
TEST(Npy, TakesLabelsOfTwoDimensions) {
  const Folder folder;
  const std::string x = folder.write("x.npy", npy("<f8", "3, 1", bytes_of<double>({1, 2, 3})));
  const std::string hot =
      folder.write("hot.npy", npy("|u1", "3, 3", std::string("\0\0\1\1\0\0\0\1\0", 9)));
  const Table classes = read_table(x, {.labels = hot});
  EXPECT_EQ(column(classes, "label"), (std::vector<double>{2, 0, 1}));
  EXPECT_EQ(usual_targets(classes), std::vector<std::string>{"label"});
  const std::string columns =
      folder.write("columns.npy", npy("|b1", "3, 3", std::string("\0\1\0\0\0\1\1\0\0", 9), true));
  EXPECT_EQ(column(read_table(x, {.labels = columns}), "label"), (std::vector<double>{2, 0, 1}));
  const std::string several =
      folder.write("several.npy", npy("|u1", "3, 2", std::string("\0\1\1\1\0\0", 6)));
  const Table labels = read_table(x, {.labels = several});
  EXPECT_EQ(column(labels, "label_1"), (std::vector<double>{1, 1, 0}));
  EXPECT_EQ(usual_targets(labels), (std::vector<std::string>{"label_0", "label_1"}));
}

TEST(Npz, HoldsLabelsToo) {
  const Folder folder;
  const std::string x = folder.write("x.npy", npy("<f8", "2, 1", bytes_of<double>({1, 2})));
  const std::string one = npy("|u1", "2,", "\3\4"), other = npy("|u1", "2,", "\5\6");
  const std::string alone = folder.write("alone.npz", npz({{"any", one}}, false));
  EXPECT_EQ(column(read_table(x, {.labels = alone}), "label"), (std::vector<double>{3, 4}));
  const std::string named = folder.write("named.npz", npz({{"z", other}, {"y", one}}, true));
  EXPECT_EQ(column(read_table(x, {.labels = named}), "label"), (std::vector<double>{3, 4}));
  const std::string parts =
      folder.write("parts.npz", npz({{"y_train", one}, {"y_test", other}}, true));
  EXPECT_EQ(column(read_table(x, {.labels = parts, .part = TableOptions::Part::test}), "label"),
            (std::vector<double>{5, 6}));
  const std::string unclear = folder.write("unclear.npz", npz({{"a", one}, {"b", other}}, true));
  EXPECT_NE(
      error_of([&] { read_table(x, {.labels = unclear}); }).find("which of its arrays (a, b)"),
      std::string::npos);
}

TEST(Npy, RefusesWhatItCannotMean) {
  const std::string data = bytes_of<double>({1, 2});
  EXPECT_EQ(refusal(npy("<c16", "1,", data)),
            "t.bin: its cells are of NumPy's type '<c16'; f2, f4, f8, i1 to i8, u1 to u8, "
            "booleans, or texts (U, S) were expected");
  EXPECT_NE(refusal(npy("|O", "2,", data)).find("are Python objects"), std::string::npos);
  EXPECT_NE(refusal(npy("<M8[D]", "2,", data)).find("save dates as texts"), std::string::npos);
  const std::string record = "'descr': [('a', '<f8')]";
  std::string structured = npy("<f8 + 12345678", "2,", data);
  structured.replace(structured.find("'descr'"), record.size(), record);
  EXPECT_NE(refusal(structured).find("records of several fields"), std::string::npos);
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
    EXPECT_EQ(usual_targets(table), std::vector<std::string>{"y"});
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

TEST(Libsvm, ReadsSeveralLabelsOfARow) {
  const Table table = parse("1,3 4:0.5\n2 5:1\n 4:2\n3,1 4:1 5:1\n");
  EXPECT_EQ(table.rows, 4U);
  EXPECT_EQ(column(table, "label_1"), (std::vector<double>{1, 0, 0, 1}));
  EXPECT_EQ(column(table, "label_2"), (std::vector<double>{0, 1, 0, 0}));
  EXPECT_EQ(column(table, "label_3"), (std::vector<double>{1, 0, 0, 1}));
  EXPECT_EQ(column(table, "feature_4"), (std::vector<double>{0.5, 0, 2, 1}));
  EXPECT_EQ(usual_targets(table), (std::vector<std::string>{"label_1", "label_2", "label_3"}));
  EXPECT_FALSE(table.index("label"));
  EXPECT_EQ(refusal("1,2 4:0.5\n1,x 4:1\n"),
            "t.bin:2: 'x' is no label; of several each must be a whole number");
  EXPECT_EQ(parse("5,2024-01-01 12:30\n6,2024-01-02 12:45\n").columns[0].name, "column_1");
  EXPECT_NE(refusal("1,2 4:0.5\n1.5 4:1\n").find("label 1.5 in a file whose line 1 has several"),
            std::string::npos);
}

TEST(Libsvm, RefusesWithTheLine) {
  EXPECT_EQ(refusal("1 1:2\n2 3:1 2:1\n"), "t.bin:2: index 2 stands behind 3; they must ascend");
  EXPECT_EQ(refusal("1 1:2\nx 1:1\n"), "t.bin:2: 'x' is not a number, which the label must be");
  EXPECT_EQ(refusal("1 1:2\n2:1 3:1\n").rfind("t.bin:2: the row has no label", 0), 0U);
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

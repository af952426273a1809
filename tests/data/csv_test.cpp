// Reading CSV: what is accepted, what is refused with which words, and nothing that crashes.
#include "caviar/data/csv.hpp"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/data/read_table.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using namespace testing_files;

Table parse(std::string_view text, const TableOptions& options = {}) {
  return parse_csv(text, "t.csv", options);
}

std::string refusal(std::string_view text) {
  return error_of([&] { parse(text); });
}

// One text column's cells, "-" for missing.
std::vector<std::string> texts(const Column& column) {
  std::vector<std::string> out;
  for (const auto code : column.codes) {
    out.push_back(code == missing_level ? "-" : column.levels[std::size_t(code)]);
  }
  return out;
}

TEST(Csv, ReadsNumbersAndTexts) {
  const Table table = parse("a,b,c\n1,x,2.5\n-3e2,y,+4\n.5,x,0\n");
  ASSERT_EQ(table.rows, 3U);
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[0].numbers.values(), (std::vector<double>{1, -300, 0.5}));
  EXPECT_EQ(table.columns[2].numbers.values(), (std::vector<double>{2.5, 4, 0}));
  EXPECT_EQ(table.columns[1].type, ColumnType::category);
  EXPECT_EQ(texts(table.columns[1]), (std::vector<std::string>{"x", "y", "x"}));
  EXPECT_EQ(table.index("c"), 2U);
  EXPECT_FALSE(table.index("d"));
}

TEST(Csv, ReadsQuotesAsTheStandardSays) {
  const Table table =
      parse("\"a, or \"\"b\"\"\",c\n\"x,y\",1\n\"line\nbreak\", 2\n\"\",3\n\"say \"\"hi\"\"\" ,4");
  EXPECT_EQ(table.columns[0].name, "a, or \"b\"");
  EXPECT_EQ(texts(table.columns[0]),
            (std::vector<std::string>{"x,y", "line\nbreak", "-", "say \"hi\""}));
  EXPECT_EQ(table.columns[1].numbers.values(), (std::vector<double>{1, 2, 3, 4}));
}

TEST(Csv, ReadsAnyLineEndBlankLinesAndAByteOrderMark) {
  for (const std::string text :
       {"a,b\n1,2\n3,4", "a,b\r\n1,2\r\n\r\n3,4\r\n\r\n", "a,b\r1,2\r3,4\r",
        "\xEF\xBB\xBF"
        "a, b\n 1 ,2\t\n  \n3,4\n"}) {
    const Table table = parse(text);
    EXPECT_EQ(table.columns[0].name, "a");
    EXPECT_EQ(table.columns[0].numbers.values(), (std::vector<double>{1, 3})) << text;
    EXPECT_EQ(table.columns[1].numbers.values(), (std::vector<double>{2, 4})) << text;
  }
}

TEST(Csv, KnowsMissingCells) {
  const Table table = parse("a,b\n,u\nNA,?\n3,\nnan,N/A\n");
  EXPECT_EQ(table.columns[0].missing(), 3U);
  EXPECT_EQ(table.columns[1].missing(), 3U);
  EXPECT_EQ(table.columns[0].numbers[2], 3);
  const Table empty_cells = parse("a,b,c\n,,\n,,\n");
  for (const Column& column : empty_cells.columns) EXPECT_EQ(column.missing(), 2U);
}

TEST(Csv, ReadsWhatIsNamedAsText) {
  TableOptions options;
  options.types = {{"zip", ColumnType::category}};
  const Table table = parse("zip,n\n01234,1\nA99,2\n55555,3\n", options);
  EXPECT_EQ(texts(table.columns[0]), (std::vector<std::string>{"01234", "A99", "55555"}));
  options.types = {{"zpi", ColumnType::category}};
  EXPECT_EQ(error_of([&] { parse("zip,n\n1,1\n", options); }),
            "t.csv: there is no column 'zpi' for the type told (category) (did you mean 'zip'?)");
  options.types_may_miss = true;
  EXPECT_EQ(parse("zip,n\n1,1\n", options).columns[0].numbers[0], 1);
  options.types = {{"zip", ColumnType::number}};
  EXPECT_EQ(error_of([&] { parse("zip\nA\nB\n1\n", options); }),
            "t.csv:2: column 'zip': 'A' is not a number, which its type needs; correct it or leave "
            "the cell empty");
}

TEST(Csv, TakesVerySmallNumbersAndRefusesInfinity) {
  EXPECT_EQ(parse("a\n1e-400\n2\n").columns[0].numbers[0], 0);
  EXPECT_NE(refusal("a\n1\n2\ninf\n"), "");
  EXPECT_NE(refusal("a\n1\n2\n1e999\n"), "");
}

TEST(Csv, RefusesWithPlaceValueAndExpectation) {
  EXPECT_EQ(refusal("a,b,c\n1,2,3\n\n4,5\n"),
            "t.csv:4: 2 cells, but the header names 3 columns; the first without one is 'c'");
  EXPECT_EQ(refusal("a,b\n1,2,3\n"),
            "t.csv:2: 3 cells, but the header names 2 columns; the rest belongs to no column");
  EXPECT_EQ(
      refusal("a,age\n1,20\n2,30\n3,old\n"),
      "t.csv:4: column 'age': 'old' is not a number, but 2 other cells of it are; correct it, "
      "leave the cell empty, or list the column under `categorical`");
  // What would end the text of an error before its time.
  EXPECT_NE(refusal(std::string("a,b\n1,2\n3,4\n\0x,5\n", 17)).find("'?x' is not a number"),
            std::string::npos);
  EXPECT_EQ(refusal("a,b\n"), "t.csv: there are no rows below the header");
  EXPECT_EQ(refusal(""),
            "t.csv: the file is empty; a first line with the names of the columns was expected");
  EXPECT_EQ(refusal("a,b,a\n1,2,3\n"),
            "t.csv:1: columns 1 and 3 are both named 'a'; names must differ");
  EXPECT_EQ(refusal("a,,c\n1,2,3\n"), "t.csv:1: column 2 has no name in the header");
  EXPECT_EQ(refusal("a,b\n1,\"x\n2,3\n"), "t.csv:2: the quote opened here is never closed");
  EXPECT_EQ(refusal("a,b\n1,\"x\"y\n"),
            "t.csv:2: 'y' stands behind the closing quote of a cell; a comma was expected (a quote "
            "inside a cell is written twice)");
}

std::string long_table() {
  std::string text = "a,b\n";
  Rng rng(1);
  for (int i = 0; i < 5000; ++i) {
    text += std::to_string(rng.uniform()) + "," + std::to_string(rng.below(100)) + "\n";
  }
  return text;
}

TEST(CsvFile, IsReadPlainOrCompressedWhateverItsName) {
  const Folder folder;
  const std::string text = long_table();
  const Table plain = read_table(folder.write("plain.csv", text));
  const Table packed = read_table(folder.write("packed.csv", gzip(text)));
  EXPECT_EQ(plain.rows, 5000U);
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_EQ(plain.columns[i].numbers.values(), packed.columns[i].numbers.values());
  }
}

TEST(CsvFile, IsRefusedWhereItCannotBeRead) {
  const Folder folder;
  const std::string none = folder.path("none.csv");
  EXPECT_EQ(error_of([&] { read_table(none); }, Fault::missing),
            none + ": cannot be read: No such file or directory");
  EXPECT_EQ(error_of([&] { read_table(folder.path("")); }, Fault::io),
            folder.path("") + ": cannot be read: Is a directory");
  const std::string whole = gzip(long_table());
  const std::string cut = folder.write("cut.csv.gz", whole.substr(0, whole.size() / 2));
  EXPECT_NE(error_of([&] { read_table(cut); }, Fault::io).find("the compressed file is cut off"),
            std::string::npos);
  std::string damaged = whole;
  for (std::size_t i = 2000; i < 2100; ++i) damaged[i] = char(~damaged[i]);
  const std::string corrupt = folder.write("corrupt.csv.gz", damaged);
  EXPECT_NE(
      error_of([&] { read_table(corrupt); }, Fault::io).find("the compressed file is corrupt"),
      std::string::npos);
}

TEST(Csv, ReadsTheBundledTables) {
  const std::string folder = std::string(CAVIAR_SOURCE_DIR) + "/data/";
  const Table digits = read_table(folder + "digits.csv.gz");
  EXPECT_EQ(digits.rows, 1797U);
  EXPECT_EQ(digits.columns.size(), 65U);
  EXPECT_EQ(read_table(folder + "iris.csv").rows, 150U);
  const Table penguins = read_table(folder + "penguins.csv");
  EXPECT_EQ(penguins.rows, 344U);
  std::size_t missing = 0;
  for (const Column& column : penguins.columns) missing += column.missing();
  EXPECT_EQ(missing, 19U);
}

// Whatever is changed in a good file, the reader answers with a sound table or with an Error.
TEST(Csv, SurvivesAnyChange) {
  const std::string good = "a,\"b \"\"q\"\"\",c\n1,x,2.5\r\n,\"y,\nz\",nan\n-3e2,x,7\n";
  const std::string alphabet = "\",\n\r 1e.-+x\t\0\xff";
  Rng rng(2024);
  int read = 0, refused = 0;
  for (int round = 0; round < 8000; ++round) {
    std::string text = good;
    for (std::uint64_t changes = 1 + rng.below(6); changes > 0 && !text.empty(); --changes) {
      const std::size_t at = rng.below(text.size());
      const char c = alphabet[rng.below(alphabet.size())];
      switch (rng.below(4)) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        case 2:
          text.erase(at, 1 + rng.below(4));
          break;
        default:
          text.resize(at);
          break;
      }
    }
    try {
      const Table table = parse(text);
      ++read;
      ASSERT_GT(table.rows, 0U);
      for (const Column& column : table.columns) {
        ASSERT_EQ((column.has_levels() ? column.codes.size() : column.numbers.size()), table.rows);
        for (const auto code : column.codes) ASSERT_LT(code, std::int64_t(column.levels.size()));
        for (const double x : column.numbers.values()) ASSERT_FALSE(std::isinf(x));
      }
    } catch (const Error& error) {
      ++refused;
      ASSERT_EQ(std::string(error.what()).rfind("t.csv", 0), 0U) << error.what();
    }
  }
  EXPECT_GT(read, 1000);
  EXPECT_GT(refused, 1000);
}

// Numbers, gaps, texts from the first row on and after some numbers, dates, all line ends.
std::string mixed_text(std::size_t rows, const std::string& line_end) {
  std::string text = "n,gap,word,late,day,flag" + line_end;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string number = std::to_string(static_cast<double>(i) / 7);
    text += number + "," + (i % 3 == 0 ? "" : number) + ",w" + std::to_string(i % 5) + "," +
            (i < 3 ? "1" : "l" + std::to_string(i % 4)) + ",2024-02-" +
            std::to_string(10 + i % 19) + "," + (i % 2 == 0 ? "yes" : "no") + line_end;
  }
  return text;
}

void expect_same(const Column& a, const Column& b, std::size_t from, std::size_t count) {
  ASSERT_EQ(a.type, b.type) << a.name;
  for (std::size_t row = 0; row < count; ++row) {
    ASSERT_EQ(a.is_missing(row), b.is_missing(from + row)) << a.name;
    if (a.is_missing(row)) continue;
    if (a.has_levels()) {
      ASSERT_EQ(a.levels[std::size_t(a.codes[row])], b.levels[std::size_t(b.codes[from + row])]);
    } else {
      ASSERT_EQ(a.numbers[row], b.numbers[from + row]);
    }
  }
}

TEST(Csv, NumbersInAFileAreTheSame) {
  const Folder folder;
  for (const std::string line_end : {"\n", "\r\n", "\r"}) {
    const std::string text = mixed_text(300, line_end);
    const Table whole = parse(text);
    Table table = parse(text, {.columns_in = folder.path("")});
    const Table copy = table;
    table = {};  // a copy keeps the file
    ASSERT_EQ(copy.rows, 300U);
    for (std::size_t i = 0; i < whole.columns.size(); ++i) {
      expect_same(copy.columns[i], whole.columns[i], 0, 300);
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path("")));
  EXPECT_NE(error_of([&] { parse("a,b\n1,2\n", {.columns_in = folder.path("none")}); }, Fault::io)
                .find("none"),
            std::string::npos);
}

TEST(Csv, BlocksAreTheWholeInPortions) {
  const std::string text = mixed_text(300, "\n"), source = "t.csv";
  const Table whole = parse(text);
  TableOptions options;
  for (const Column& column : whole.columns) options.types.emplace(column.name, column.type);
  options.types.erase("word");
  CsvBlocks blocks(text, source, options);
  std::size_t rows = 0;
  while (const auto block = blocks.next(70)) {
    ASSERT_EQ(block->rows, rows < 280 ? 70U : 20U);
    for (std::size_t i = 0; i < whole.columns.size(); ++i) {
      const Column& column = block->columns[i];
      ASSERT_EQ(column.name, whole.columns[i].name);
      if (column.name == "word") {
        ASSERT_EQ(column.missing(), block->rows);  // nobody asked for it
      } else {
        expect_same(column, whole.columns[i], rows, block->rows);
      }
    }
    rows += block->rows;
  }
  EXPECT_EQ(rows, 300U);
}

TEST(Csv, BlocksOfAHeaderAloneAreOneWithoutRows) {
  const std::string source = "t.csv";
  TableOptions options;
  options.types = {{"a", ColumnType::number}, {"b", ColumnType::category}};
  for (const std::string text : {"a,b\n", "a,b"}) {
    CsvBlocks blocks(text, source, options);
    const auto block = blocks.next(10);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->rows, 0U);
    ASSERT_EQ(block->columns.size(), 2U);
    EXPECT_EQ(block->columns[1].type, ColumnType::category);
    EXPECT_FALSE(blocks.next(10));
  }
  const std::string text = "a,b\n1,x\n2,y\n";  // as many rows as a block holds
  CsvBlocks blocks(text, source, options);
  EXPECT_EQ(blocks.next(2)->rows, 2U);
  EXPECT_FALSE(blocks.next(2));
}

// As pandas and R write the names of rows.
TEST(Csv, KeepsAFirstColumnWithoutANameApart) {
  const Table table = parse(",a,y\n0,1.5,p\n1,2.5,q\n2,3.5,p\n");
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[0].name, "row_names");
  EXPECT_EQ(table.columns[0].type, ColumnType::text);
  EXPECT_EQ(table.columns[1].type, ColumnType::number);
  const Table told = parse(",a\n0,1.5\n1,2.5\n", {.types = {{"row_names", ColumnType::number}}});
  EXPECT_EQ(told.columns[0].numbers[1], 1);
  EXPECT_NE(refusal(",row_names\n1,2\n").find("both named 'row_names'"), std::string::npos);
  EXPECT_EQ(refusal(",a,\n1,2,3\n"), "t.csv:1: column 3 has no name in the header");
}

}  // namespace
}  // namespace caviar

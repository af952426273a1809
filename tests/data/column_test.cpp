// Types of columns, dates, numbers in other people's arrays, and a column in one line.
#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/data/column_type.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/date.hpp"
#include "caviar/data/summary.hpp"

namespace caviar {
namespace {

Column column_of(const std::string& text, const ColumnTypes& types = {}) {
  return parse_csv(text, "t.csv", {.types = types}).columns.at(0);
}

TEST(ColumnType, IsFoundOut) {
  EXPECT_EQ(column_of("a\n1\n2\n").type, ColumnType::number);
  EXPECT_EQ(column_of("a,b\n,1\n,2\n").type, ColumnType::number);
  EXPECT_EQ(column_of("a\nred\nblue\n").type, ColumnType::category);
  EXPECT_EQ(column_of("a\nyes\nno\n?\n").type, ColumnType::yes_no);
  EXPECT_EQ(column_of("a\nTrue\nFALSE\ntrue\n").type, ColumnType::yes_no);
  EXPECT_EQ(column_of("a\nyes\nyes\n").type, ColumnType::category);    // nobody says no
  EXPECT_EQ(column_of("a\nyes\nfalse\n").type, ColumnType::category);  // of two pairs
  EXPECT_EQ(column_of("a\n2024-02-29\n2023/01/01 10:30\n").type, ColumnType::date);
  EXPECT_EQ(column_of("a\n2024-02-29\n2023-02-29\n").type, ColumnType::category);
}

TEST(ColumnType, OfManyTextsIsText) {
  const auto many = [](int levels, int copies) {
    std::string text = "a\n";
    for (int i = 0; i < levels * copies; ++i) text += "t" + std::to_string(i % levels) + "\n";
    return column_of(text).type;
  };
  EXPECT_EQ(many(65, 1), ColumnType::text);
  EXPECT_EQ(many(64, 1), ColumnType::category);
  EXPECT_EQ(many(100, 2), ColumnType::category);
}

TEST(ColumnNumbers, AreKeptInBytesWhereTheyFit) {
  const auto type_of = [](const char* text) { return column_of(text).numbers.type(); };
  EXPECT_EQ(type_of("a\n0\n255\n7\n"), NumberType::u8);
  EXPECT_EQ(type_of("a\n0\n256\n"), NumberType::f64);
  EXPECT_EQ(type_of("a\n0\n-1\n"), NumberType::f64);
  EXPECT_EQ(type_of("a\n0\n0.5\n"), NumberType::f64);
  EXPECT_EQ(type_of("a,b\n0,x\n,x\n"), NumberType::f64);  // a missing cell
  EXPECT_TRUE(std::signbit(column_of("a\n1\n-0\n").numbers[1]));
}

// Wherever the first number stands that no byte holds, in whichever block of rows.
TEST(ColumnNumbers, StayTheSameWhenBytesBecomeDoubles) {
  for (const std::size_t odd : {0U, 1U, 32767U, 32768U, 70000U, 99999U}) {
    std::string text = "a\n";
    for (std::size_t row = 0; row < 100000; ++row) {
      text += row == odd ? "-1e300\n" : std::to_string(row % 256) + "\n";
    }
    const Numbers numbers = column_of(text).numbers;
    ASSERT_EQ(numbers.size(), 100000U);
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      ASSERT_EQ(numbers[row], row == odd ? -1e300 : static_cast<double>(row % 256)) << row;
    }
  }
}

// Lengths at which levels are hashed by other means, and a blank and a NA among them.
TEST(ColumnLevels, OfEveryLengthAreTakenApart) {
  std::string text = "a\n";
  std::vector<std::string> levels;
  for (std::size_t length = 1; length < 20; ++length) {
    for (const char last : {'x', 'y'}) {
      levels.push_back(std::string(length - 1, 'q') + last);
      text += levels.back() + "\nNA\n";
    }
  }
  const Column column = column_of(text + text.substr(2), {{"a", ColumnType::category}});
  EXPECT_EQ(column.levels, levels);
  EXPECT_EQ(column.missing(), 2 * levels.size());
  for (std::size_t row = 0; row < column.codes.size(); ++row) {
    const auto level = static_cast<std::int32_t>(row / 2 % levels.size());
    ASSERT_EQ(column.codes[row], row % 2 == 0 ? level : missing_level);
  }
}

TEST(ColumnType, IsTold) {
  const Column yes = column_of("a\n1\n0\n\"\"\nYES\n", {{"a", ColumnType::yes_no}});
  EXPECT_EQ(yes.codes, (std::vector<std::int32_t>{1, 0, -1, 1}));
  EXPECT_EQ(yes.levels, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(column_of("a\nyes\nno\n", {{"a", ColumnType::category}}).type, ColumnType::category);
  EXPECT_EQ(column_of("a\n1\n0\n", {{"a", ColumnType::text}}).type, ColumnType::text);
  const auto refusal = [](const char* text, ColumnType type) -> std::string {
    try {
      column_of(text, {{"a", type}});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("a\nyes\nperhaps\n", ColumnType::yes_no),
            "t.csv: column 'a', row 2 below the header: 'perhaps' is not a yes or a no, which its "
            "type needs");
  EXPECT_EQ(refusal("a\n29.02.2024\n\"\"\n2023-02-29\n", ColumnType::date),
            "t.csv: column 'a', row 3 below the header: '2023-02-29' is not a date; 2024-02-29, "
            "2024/02/29 or 29.02.2024 was expected, also with a time behind it");
  EXPECT_EQ(parse_column_type("yes_no", "x"), ColumnType::yes_no);
  EXPECT_THROW(parse_column_type("bool", "x"), Error);
}

TEST(Date, IsReadInSeconds) {
  EXPECT_EQ(parse_date("1970-01-01"), 0);
  EXPECT_EQ(parse_date("2000-03-01"), 951868800);
  EXPECT_EQ(parse_date("01.03.2000"), 951868800);
  EXPECT_EQ(parse_date("2000/03/01T00:00:10.5Z"), 951868810.5);
  EXPECT_EQ(parse_date("2000-03-01 01:00+01:00"), 951868800);
  EXPECT_EQ(parse_date("2000-02-29 23:00:00-0100"), 951868800);
  EXPECT_EQ(parse_date("1969-12-31 23:59:59"), -1);
  for (const char* text : {"", "2000-13-01", "2000-02-30", "1900-02-29", "2000-3-1", "20000301",
                           "2000-03-01x", "2000-03-01 25:00", "2000-03-01 1:00", "2000-03-01 ",
                           "2000-03-01 10:00.", "2000-03/01", "2000/03-01", "03/04/2000",
                           "2000-03-01 10:00:00.", "2000-03-01 10:00 +01:00", "29.02.200x"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Date, KnowsItsPlaceInYearWeekAndDay) {
  const Moment noon = moment_of(*parse_date("2024-07-01 12:00"));  // a Monday of a leap year
  EXPECT_DOUBLE_EQ(noon.of_day, 0.5);
  EXPECT_DOUBLE_EQ(noon.of_week, 0.5 / 7);
  EXPECT_DOUBLE_EQ(noon.of_year, 182.5 / 366);
  EXPECT_EQ(date_text(*parse_date("2024-02-29 23:59")), "2024-02-29");
  EXPECT_EQ(date_text(-1), "1969-12-31");
  for (const double any : {1e300, -1e300}) EXPECT_TRUE(std::isfinite(moment_of(any).of_year));
}

TEST(Numbers, LookIntoAnyArray) {
  const auto bytes = std::make_shared<std::vector<std::byte>>(64);
  for (std::size_t i = 0; i < 64; ++i) (*bytes)[i] = std::byte(i);
  const std::byte* first = bytes->data();
  const Numbers u16(bytes, first + 1, 3, 20, NumberType::u16);
  EXPECT_EQ(u16[0], 1 + 256 * 2);
  EXPECT_EQ(u16[19], 58 + 256 * 59);
  const Numbers back(bytes, first + 63, -1, 64, NumberType::i8);
  EXPECT_EQ(back[63], 0);
  EXPECT_EQ(back.values()[1], 62);
  const std::vector<std::size_t> rows = {3, 0, 3};
  std::vector<double> out(3);
  back.gather(rows, out.data());
  EXPECT_EQ(out, (std::vector<double>{60, 63, 60}));
}

TEST(Summary, SaysWhatIsInAColumn) {
  const auto text = [](const Column& column) { return values_text(column, summarize(column)); };
  const Column numbers = column_of("a\n1.25\n-3\n?\n1.25\n");
  EXPECT_EQ(summarize(numbers).missing, 1U);
  EXPECT_EQ(summarize(numbers).different, 2U);
  EXPECT_EQ(text(numbers), "-3 … 1.25");
  EXPECT_EQ(text(column_of("a\n2024-02-29\n2023-01-01 10:30\n")), "2023-01-01 … 2024-02-29");
  EXPECT_EQ(text(column_of("a\nred\nblue\n")), "red, blue");
  EXPECT_EQ(text(column_of("a,b\n,1\n")), "");
  std::string many = "a\n";
  for (int i = 0; i < 5000; ++i) many += std::to_string(i % 2500) + "\n";
  EXPECT_EQ(summarize(column_of(many)).different, most_counted);
  EXPECT_EQ(text(column_of(many, {{"a", ColumnType::category}})).substr(0, 12), "0, 1, 2, 3, ");
}

}  // namespace
}  // namespace caviar

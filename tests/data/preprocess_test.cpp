// What is learnt on the training rows, where it is put to use, and that it survives being stored.
#include "caviar/data/preprocess.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/data/csv.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using testing_files::error_of;

std::vector<std::size_t> all_rows(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::vector<std::string> names_of(const Preprocessor& preprocessor) {
  const auto names = preprocessor.feature_names();
  return {names.begin(), names.end()};
}

// Learns from all rows of all columns.
Preprocessor learn(const Table& table, const PreprocessOptions& options = {}) {
  return Preprocessor::learn(table, all_rows(table.columns.size()), all_rows(table.rows), options);
}

Preprocessor stored(const Preprocessor& preprocessor) {
  return preprocessor_from_json(Node::parse_json(to_json(preprocessor).dump(), "model.json"));
}

TEST(Preprocessor, LearnsOnTheTrainingRowsOnly) {
  const Table table = parse_csv("a,b\n1,5\n3,5\n,5\n1000,6\n", "t.csv");
  const std::vector<std::size_t> columns = {0, 1}, training = {0, 1, 2};
  const Preprocessor preprocessor = Preprocessor::learn(table, columns, training);
  EXPECT_EQ(names_of(preprocessor), (std::vector<std::string>{"a", "a missing", "b"}));
  const auto x = preprocessor.apply(table, all_rows(4));
  // 1, 3 and the median 2 for the gap: mean 2, deviation √(2/3)
  const float unit = float(1 / std::sqrt(2.0 / 3));
  EXPECT_FLOAT_EQ(x[0], -unit);
  EXPECT_FLOAT_EQ(x[3], unit);
  EXPECT_FLOAT_EQ(x[6], 0);
  EXPECT_FLOAT_EQ(x[9], 998 * unit);
  for (std::size_t row = 0; row < 4; ++row) {
    EXPECT_EQ(x[3 * row + 1], row == 2 ? 1 : 0);
    EXPECT_EQ(x[3 * row + 2], 0);  // constant in training
  }
}

TEST(Preprocessor, TurnsTextIntoOneFeatureALevel) {
  const Table table = parse_csv("s,n\nb,1\na,2\n,3\nb,4\nc,5\n", "t.csv");
  const std::vector<std::size_t> columns = {1, 0}, training = {0, 1, 2, 3};
  const Preprocessor preprocessor = Preprocessor::learn(table, columns, training);
  EXPECT_EQ(names_of(preprocessor), (std::vector<std::string>{"n", "s = a", "s = b", "s missing"}));
  const auto x = preprocessor.apply(table, all_rows(5));
  const auto row = [&](std::size_t r) {
    return std::vector<float>(x.begin() + std::ptrdiff_t(4 * r + 1),
                              x.begin() + std::ptrdiff_t(4 * r + 4));
  };
  EXPECT_EQ(row(0), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(row(1), (std::vector<float>{1, 0, 0}));
  EXPECT_EQ(row(2), (std::vector<float>{0, 0, 1}));
  EXPECT_EQ(row(4), (std::vector<float>{0, 0, 0}));  // c was never seen

  const Table other = parse_csv("s,n\nd,1\na,1\n", "u.csv");
  const auto y = preprocessor.apply(other, all_rows(2));
  EXPECT_EQ((std::vector<float>{y[1], y[2], y[3], y[5]}), (std::vector<float>{0, 0, 0, 1}));
}

TEST(Preprocessor, KeepsTheMostFrequentLevelsOfMany) {
  std::string text = "s\n";
  for (int i = 0; i < 200; ++i) text += "rare" + std::to_string(i) + "\nx\n";
  const Table table = parse_csv(text, "t.csv", {.types = {{"s", ColumnType::category}}});
  const std::vector<std::size_t> columns = {0};
  const Preprocessor few = Preprocessor::learn(table, columns, all_rows(table.rows));
  EXPECT_EQ(few.width(), 65U);  // 64 and the rare ones
  const auto names = names_of(few);
  EXPECT_NE(std::find(names.begin(), names.end(), "s = x"), names.end());
  const Preprocessor often =
      Preprocessor::learn(table, columns, all_rows(table.rows), {.rare_share = 0.01});
  EXPECT_EQ(names_of(often), (std::vector<std::string>{"s = x", "s rare"}));
  const Table other = parse_csv("s\nx\nrare7\nnever seen\n", "u.csv");
  EXPECT_EQ(often.apply(other, all_rows(3)), (std::vector<float>{1, 0, 0, 1, 0, 1}));
}

constexpr const char* mixed =
    "when,mass,sex,fit,zip\n2024-01-01,1.5,f,yes,01\n2024-07-01 12:00,,m,no,02\n"
    "2023-12-31,2.25,,yes,01\n,7,f,,03\n";
const ColumnTypes mixed_types = {{"zip", ColumnType::category}};

TEST(Preprocessor, KnowsEveryType) {
  const Table table = parse_csv(mixed, "t.csv", {.types = mixed_types});
  const Preprocessor preprocessor = learn(table);
  EXPECT_EQ(names_of(preprocessor),
            (std::vector<std::string>{
                "when", "when sine of the year", "when cosine of the year", "when sine of the week",
                "when cosine of the week", "when sine of the day", "when cosine of the day",
                "when missing", "mass", "mass missing", "sex = f", "sex = m", "sex missing", "fit",
                "fit missing", "zip = 01", "zip = 02", "zip = 03"}));
  const auto x = preprocessor.apply(table, all_rows(4));
  const std::size_t width = preprocessor.width();
  EXPECT_FLOAT_EQ(x[1], 0);  // new year
  EXPECT_FLOAT_EQ(x[2], 1);
  EXPECT_FLOAT_EQ(x[3], 0);  // a Monday
  EXPECT_FLOAT_EQ(x[4], 1);
  EXPECT_NEAR(x[width + 5], 0, 1e-6);  // noon
  EXPECT_FLOAT_EQ(x[width + 6], -1);
  for (const std::size_t i : {1U, 2U, 3U, 4U, 5U, 6U}) EXPECT_EQ(x[3 * width + i], 0);
  EXPECT_EQ(x[3 * width + 7], 1);
  EXPECT_EQ(x[width + 9], 1);
  EXPECT_EQ(x[13], 1);                          // fit
  EXPECT_EQ(x[width + 13], 0);                  // not
  EXPECT_FLOAT_EQ(x[3 * width + 13], 2 / 3.F);  // perhaps
  EXPECT_EQ(x[3 * width + 14], 1);
}

TEST(Preprocessor, ScalesAsTold) {
  const Table table = parse_csv("a,b\n-2,5\n2,5\n6,5\n", "t.csv");
  EXPECT_EQ(learn(table, {.scaling = Scaling::range}).apply(table, all_rows(3)),
            (std::vector<float>{0, 0, 0.5, 0, 1, 0}));
  EXPECT_EQ(learn(table, {.scaling = Scaling::none}).apply(table, all_rows(3)),
            (std::vector<float>{-2, 5, 2, 5, 6, 5}));
  EXPECT_EQ(parse_scaling("range", "x"), Scaling::range);
  EXPECT_NE(error_of([] { parse_scaling("minmax", "t.yaml:1:1"); }).find("t.yaml:1:1"),
            std::string::npos);
}

TEST(Preprocessor, StaysFiniteWhateverTheSpread) {
  for (const char* text : {"a\n1e308\n-1e308\n", "a\n1e-310\n2e-310\n", "a\n5e-324\n0\n"}) {
    const Table table = parse_csv(text, "t.csv");
    for (const Scaling scaling : {Scaling::standard, Scaling::range}) {
      for (const float x : learn(table, {.scaling = scaling}).apply(table, all_rows(2))) {
        EXPECT_TRUE(std::isfinite(x)) << text;
      }
    }
  }
}

TEST(Preprocessor, NumbersLevelsForAnEmbedding) {
  const Table table = parse_csv("s,n\nb,1\na,2\n,3\nb,4\n", "t.csv");
  const Preprocessor preprocessor = learn(table, {.scaling = Scaling::none, .embed = true});
  EXPECT_EQ(names_of(preprocessor), (std::vector<std::string>{"s", "n"}));
  EXPECT_EQ(preprocessor.columns()[0].cardinality(), 4U);
  const Table other = parse_csv("n,s\n1,a\n2,b\n3,\n4,z\n", "u.csv");
  EXPECT_EQ(preprocessor.apply(other, all_rows(4)), (std::vector<float>{1, 1, 2, 2, 3, 3, 0, 4}));
  const Preprocessor rare = learn(table, {.embed = true, .most_levels = 1});
  EXPECT_EQ(rare.columns()[0].cardinality(), 4U);
  const auto x = rare.apply(other, all_rows(4));
  EXPECT_EQ((std::vector<float>{x[0], x[2], x[4], x[6]}), (std::vector<float>{2, 1, 3, 2}));
}

TEST(Preprocessor, EmbedsTheColumnsThatAreNamed) {
  const Table table = parse_csv("a,b,n\nx,p,1\ny,q,2\n", "t.csv");
  const Preprocessor one = learn(table, {.embed = true, .embed_only = {"b"}});
  EXPECT_EQ(names_of(one), (std::vector<std::string>{"a = x", "a = y", "b", "n"}));
  for (const char* name : {"n", "c"}) {
    EXPECT_THROW(learn(table, {.embed = true, .embed_only = {name}}), Error);
  }
}

TEST(Preprocessor, DividesPixelsBy255) {
  const auto bytes =
      std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{0, 255, 51, 102});
  const auto* first = reinterpret_cast<const std::byte*>(bytes->data());
  Table table;
  table.rows = 2;
  table.image = {1, 2, 1};
  for (const std::size_t i : {0U, 1U}) {
    Column& column = table.columns.emplace_back();
    column.name = "pixel_" + std::to_string(i);
    column.numbers = Numbers(bytes, first + i, 2, 2, NumberType::u8);
  }
  EXPECT_EQ(learn(table).apply(table, all_rows(2)), (std::vector<float>{0, 1, 0.2F, 0.4F}));
}

TEST(Preprocessor, FindsColumnsByName) {
  const Table table = parse_csv(mixed, "t.csv", {.types = mixed_types});
  const Preprocessor preprocessor = learn(table);
  const Table other = parse_csv(
      "extra,zip,fit,sex,mass,when\n9,01,yes,f,1.5,2024-01-01\n8,02,no,m,,2024-07-01 12:00\n"
      "7,01,yes,,2.25,2023-12-31\n6,03,,f,7,\n",
      "u.csv", {.types = preprocessor.types(), .types_may_miss = true});
  EXPECT_EQ(preprocessor.apply(other, all_rows(4)), preprocessor.apply(table, all_rows(4)));
  const auto refusal = [&](const char* text) {
    const Table wrong = parse_csv(text, "u.csv");
    return error_of([&] { preprocessor.apply(wrong, all_rows(wrong.rows)); });
  };
  EXPECT_EQ(refusal("zip,fit,sex,masss,when\n1,yes,f,1,\n"),
            "u.csv: column 'mass' is missing, from which the model has learnt (did you mean "
            "'masss'?)");
  EXPECT_EQ(refusal("sex\nf\n"),
            "u.csv: columns 'when', 'mass', 'fit', 'zip' are missing, from which the model has "
            "learnt");
  EXPECT_EQ(refusal("when,mass,sex,fit,zip\n,,,,\n,big,f,yes,1\n"),
            "u.csv: column 'mass' is of type category here ('big' in row 2), but was number in "
            "training");
  EXPECT_EQ(refusal("when,mass,sex,fit,zip\n,,,,\n"), "");  // nothing known, and nothing wrong
}

TEST(Preprocessor, UnderstandsLevelsSpeltInNumbers) {
  const Table table =
      parse_csv("c,y\n1,yes\n2,no\n2,no\n", "t.csv", {.types = {{"c", ColumnType::category}}});
  const Preprocessor preprocessor = learn(table);
  const Table other = parse_csv("c,y\n2,1\n,0\n1,\n", "u.csv");
  EXPECT_EQ(preprocessor.apply(other, all_rows(3)),
            (std::vector<float>{0, 1, 1, 0, 0, 0, 1, 0, 1 / 3.F}));
}

TEST(Preprocessor, CountsLevelsThatItHasNotSeen) {
  const Table table = parse_csv("c,b,x\nred,yes,1\nblue,no,2\nred,no,3\n", "t.csv");
  const Preprocessor plain = learn(table);
  const Table other =
      parse_csv("c,b,x\nred,yes,1\ngreen,perhaps,2\n,no,3\npink,no,4\nRed,no,5\nblack,no,6\n",
                "u.csv", {.types = {{"c", ColumnType::category}, {"b", ColumnType::category}}});
  const std::vector<UnseenLevels> unseen = plain.unseen(other);
  ASSERT_EQ(unseen.size(), 3U);
  EXPECT_EQ(unseen[0].cells, 4U);
  EXPECT_EQ(unseen[0].filled, 5U);
  EXPECT_EQ(unseen[0].levels, (std::vector<std::string>{"green", "pink", "Red"}));
  EXPECT_FALSE(unseen[0].rare);
  EXPECT_EQ(unseen[1].cells, 1U);
  EXPECT_EQ(unseen[1].type, ColumnType::yes_no);
  EXPECT_EQ(unseen[2].cells, 0U);
  const Preprocessor of_one = learn(table, {.most_levels = 1});  // blue is rare
  EXPECT_TRUE(of_one.unseen(other)[0].rare);
  EXPECT_EQ(of_one.unseen(table)[0].cells, 1U);
  UnseenLevels sum;
  sum.add(unseen[0]);
  sum.add(unseen[0]);
  EXPECT_EQ(sum.cells, 8U);
  EXPECT_EQ(sum.levels.size(), 3U);
}

TEST(Preprocessor, SaysWhyColumnsAreMissing) {
  const Preprocessor plain = learn(parse_csv("bill_length,bill_depth\n1,2\n3,4\n", "t.csv"));
  const auto refusal = [&](const std::string& text) {
    const Table table = parse_csv(text, "u.csv");
    return error_of([&] { plain.apply(table, all_rows(table.rows)); });
  };
  // Not the other one that was learnt from, though it is nearer.
  EXPECT_NE(refusal("billlength,bill_depth\n1,2\n").find("did you mean 'billlength'"),
            std::string::npos);
  EXPECT_NE(refusal("1,2\n3,4\n").find("it is no header with names"), std::string::npos);
}

TEST(Preprocessor, RefusesFreeText) {
  std::string text = "note,x\n";
  for (int i = 0; i < 100; ++i) text += "note " + std::to_string(i) + ",1\n";
  const Table table = parse_csv(text, "t.csv");
  ASSERT_EQ(table.columns[0].type, ColumnType::text);
  EXPECT_NE(error_of([&] { learn(table); }).find("column 'note' is free text (100 different"),
            std::string::npos);
}

// Numbers of every size and sign, drawn by their bits.
double any_number(Rng& rng) {
  for (;;) {
    const auto x = std::bit_cast<double>(rng.next());
    if (std::isfinite(x)) return x;
  }
}

TEST(Preprocessor, IsStoredToTheLastBit) {
  Rng rng(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<ColumnCode> codes;
    for (int i = 0; i < 4; ++i) {
      ColumnCode code;
      code.name = "column \"" + std::to_string(i) + "\" \\ ü";
      code.type = ColumnType(rng.below(4));
      code.missing = rng.below(2) == 0;
      if (code.type != ColumnType::category) code.fill = any_number(rng);
      if (code.type == ColumnType::number || code.type == ColumnType::date) {
        code.shift = any_number(rng);
        code.factor = any_number(rng);
      }
      if (code.type == ColumnType::date) code.clock = rng.below(2) == 0;
      if (code.type == ColumnType::category) {
        code.levels = {"", "a\tb", "ä, \"b\""};
        code.rare = rng.below(2) == 0;
        code.embed = rng.below(2) == 0;
      }
      codes.push_back(code);
    }
    const Preprocessor preprocessor(codes);
    ASSERT_EQ(stored(preprocessor), preprocessor);
  }
  const Table table = parse_csv(mixed, "t.csv", {.types = mixed_types});
  const Preprocessor learnt = learn(table);
  EXPECT_EQ(stored(learnt).apply(table, all_rows(4)), learnt.apply(table, all_rows(4)));
  EXPECT_EQ(stored(learnt).types(), learnt.types());
}

TEST(Preprocessor, RefusesADamagedDocument) {
  const auto refusal = [](const char* text) {
    return error_of([&] { preprocessor_from_json(Node::parse_json(text, "model.json")); });
  };
  EXPECT_EQ(refusal(R"({"columns": [{"name": "a", "type": "number", "shift": 0, "factor": "x"}]})"),
            "model.json: columns[0].factor: 'x' given, a number wanted");
  for (const char* text :
       {"{}", R"({"columns": 3})", R"({"columns": [{"name": "a", "type": "text"}]})",
        R"({"columns": [{"name": "a", "type": "colour"}]})",
        R"({"columns": [{"name": "a", "type": "category", "embed": false, "levels": ["b", "a"],
            "rare": false, "missing": false}]})",
        R"({"columns": [{"name": "a", "type": "yes_no", "fill": 0, "missing": false},
                        {"name": "a", "type": "yes_no", "fill": 0, "missing": false}]})",
        R"({"columns": [{"name": "a", "type": "yes_no", "fill": 0, "missing": false, "x": 1}]})"}) {
    EXPECT_EQ(refusal(text).rfind("model.json", 0), 0U) << text << refusal(text);
  }
}

}  // namespace
}  // namespace caviar

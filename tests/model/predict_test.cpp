// Predictions as text, and that they are what the network says.
#include "caviar/model/predict.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "caviar/base/error.hpp"
#include "caviar/data/read_table.hpp"
#include "caviar/trainer/evaluate.hpp"

#include "tests/model/models.hpp"

namespace caviar {
namespace {

std::string written(const SavedModel& saved, const PredictionOptions& options, const Table& table) {
  std::string text;
  PredictionWriter writer(saved, options, [&](std::string_view piece) { text += piece; });
  writer.add(table);
  writer.finish();
  EXPECT_EQ(writer.rows(), table.rows);
  return text;
}

TEST(Predict, WritesClassesAndProbabilitiesAsCsv) {
  const SavedModel saved = test::rich_model();
  const Table read = parse_csv(written(saved, {}, test::animals()), "out.csv");
  ASSERT_EQ(read.columns.size(), 4U);
  EXPECT_EQ(read.columns[0].name, "kind");
  EXPECT_EQ(read.columns[3].name, "p(cat)");
  ASSERT_EQ(read.rows, 6U);
  for (std::size_t row = 0; row < read.rows; ++row) {
    double sum = 0, best = -1;
    std::string most;
    for (std::size_t i = 0; i < 3; ++i) {
      const double p = read.columns[i + 1].numbers[row];
      sum += p;
      if (p > best) most = saved.target.classes[i];
      best = std::max(best, p);
    }
    EXPECT_NEAR(sum, 1, 1e-5);
    const Column& said = read.columns[0];
    EXPECT_EQ(said.levels[static_cast<std::size_t>(said.codes[row])], most);
  }
}

TEST(Predict, WritesTheSameAsJson) {
  const SavedModel saved = test::rich_model();
  const auto all = nlohmann::json::parse(written(saved, {PredictionFormat::json}, test::animals()));
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0]["probabilities"].size(), 3U);
  const std::string lines = written(saved, {PredictionFormat::jsonl, false}, test::animals());
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 6);
  const auto first = nlohmann::json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(first, (nlohmann::json{{"kind", all[0]["kind"]}}));
}

// The network's outputs may cross; what is written does not.
TEST(Predict, QuantilesAreNamedAndInOrder) {
  SavedModel saved = test::embedding_model();
  saved.target.columns.resize(3, saved.target.columns[0]);
  const std::vector<double> quantiles = {0.1, 0.5, 0.9};
  mark_quantiles(saved.target, quantiles);
  saved.network.layers.back() = Dense{.units = 3};
  saved.model = make_model<float>(saved.network);
  test::fill(saved.model, 5);
  const Table table = test::animals();
  const Table read = parse_csv(written(saved, {}, table), "out.csv");
  ASSERT_EQ(read.columns.size(), 3U);
  EXPECT_EQ(read.columns[0].name, "age_q0.1");
  EXPECT_EQ(read.columns[2].name, "age_q0.9");
  std::vector<std::size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Floats x = saved.preprocessor.apply(table, rows);
  const auto raw = outputs_of(saved.model, {x.data(), table.rows, saved.preprocessor.width()});
  bool crossed = false;
  for (std::size_t row = 0; row < read.rows; ++row) {
    EXPECT_LE(read.columns[0].numbers[row], read.columns[1].numbers[row]);
    EXPECT_LE(read.columns[1].numbers[row], read.columns[2].numbers[row]);
    crossed = crossed || !std::is_sorted(raw.begin() + std::ptrdiff_t(3 * row),
                                         raw.begin() + std::ptrdiff_t(3 * row + 3));
  }
  EXPECT_TRUE(crossed);
}

TEST(Predict, NumbersAreInTheTargetsOwnUnit) {
  const SavedModel saved = test::embedding_model();
  const Table table = test::animals();
  const Table read = parse_csv(written(saved, {}, table), "out.csv");
  const std::vector<std::size_t> rows = {0, 1, 2, 3, 4, 5};
  const std::vector<float> x = saved.preprocessor.apply(table, rows);
  const auto outputs = outputs_of(saved.model, {x.data(), 6, saved.preprocessor.width()});
  for (std::size_t row = 0; row < 6; ++row) {
    EXPECT_EQ(read.columns[0].numbers[row],
              saved.target.columns[0].decoded(static_cast<double>(outputs[row])));
  }
}

TEST(Predict, QuotesWhatTheFormatNeedsQuoted) {
  SavedModel saved = test::rich_model();
  saved.target.columns[0].name = "a \"b\", c";
  saved.target.classes = {"x,y", "1", "ü\n"};
  const std::string csv = written(saved, {}, test::animals());
  EXPECT_EQ(csv.rfind("\"a \"\"b\"\", c\",\"p(x,y)\",p(1),\"p(ü\n)\"\n", 0), 0U) << csv;
  const auto json =
      nlohmann::json::parse(written(saved, {PredictionFormat::json}, test::animals()));
  for (const auto& row : json) {
    EXPECT_TRUE(row["a \"b\", c"] == 1 || row["a \"b\", c"] == "x,y" || row["a \"b\", c"] == "ü\n");
  }
}

TEST(Predict, AnEmptyTableGivesAnEmptyAnswer) {
  Table none = test::animals();
  none.rows = 0;
  for (Column& column : none.columns) {
    column.codes.clear();
    column.numbers = {};
  }
  EXPECT_EQ(written(test::rich_model(), {PredictionFormat::json}, none), "[]\n");
  EXPECT_EQ(written(test::embedding_model(), {}, none), "age\n");
}

TEST(Predict, WritesTheSameSeparatedByTabs) {
  const SavedModel saved = test::rich_model();
  const std::string csv = written(saved, {}, test::animals());
  std::string tsv = written(saved, {PredictionFormat::tsv}, test::animals());
  std::ranges::replace(tsv, '\t', ',');
  EXPECT_EQ(tsv, csv);
}

TEST(Predict, WritesAnArrayForNumPy) {
  const SavedModel saved = test::rich_model();
  const Table csv = parse_csv(written(saved, {}, test::animals()), "out.csv");
  const auto read = [](const std::string& bytes) {
    return parse_table({nullptr, bytes}, "out.npy");
  };
  const std::string array = written(saved, {PredictionFormat::npy}, test::animals());
  const Table probabilities = read(array);
  ASSERT_EQ(probabilities.rows, 6U);
  ASSERT_EQ(probabilities.columns.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t row = 0; row < 6; ++row) {
      EXPECT_FLOAT_EQ(float(probabilities.columns[i].numbers[row]),
                      float(csv.columns[i + 1].numbers[row]));
    }
  }
  const std::string texts = written(saved, {PredictionFormat::npy, false}, test::animals());
  const Table classes = read(texts);
  for (std::size_t row = 0; row < 6; ++row) {
    EXPECT_EQ(classes.columns[0].levels[std::size_t(classes.columns[0].codes[row])],
              csv.columns[0].levels[std::size_t(csv.columns[0].codes[row])]);
  }
  const SavedModel ages = test::embedding_model();
  const std::string numbers = written(ages, {PredictionFormat::npy}, test::animals());
  EXPECT_NE(numbers.find("'<f8'"), std::string::npos);
  EXPECT_NE(numbers.find("(6, )"), std::string::npos);
  const Table in_csv = parse_csv(written(ages, {}, test::animals()), "out.csv");
  EXPECT_EQ(read(numbers).columns[0].numbers.values(), in_csv.columns[0].numbers.values());
}

TEST(Predict, TellsOfLevelsThatTrainingHasNotSeen) {
  const SavedModel saved = test::rich_model();
  const auto warnings = [&](const Table& table) {
    PredictionWriter writer(saved, {}, [](std::string_view) {});
    writer.add(table);
    writer.add(table);
    return writer.warnings();
  };
  EXPECT_TRUE(warnings(test::animals()).empty());
  Table other = test::animals();
  other.columns[other.need("sex", "test")].levels[0] = "m\n";
  const std::vector<std::string> told = warnings(other);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("column 'sex': 4 of 10 cells"), std::string::npos) << told[0];
  other.columns[other.need("kind", "test")].codes[1] = missing_level;
  const ScoresOnTable judged = score_on(saved, other);
  EXPECT_EQ(judged.warnings.size(), 1U);
  EXPECT_EQ(judged.rows, 5U);
  EXPECT_EQ(judged.left_out, 1U);
  for (std::int32_t& code : other.columns[other.need("kind", "test")].codes) code = missing_level;
  EXPECT_THROW(score_on(saved, other), Error);
}

TEST(Predict, NamesColumnsThatAreMissing) {
  Table table = test::animals();
  table.columns.erase(table.columns.begin());
  try {
    written(test::rich_model(), {}, table);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'mass'"), std::string::npos) << error.what();
  }
}

TEST(Predict, ScoresOnATableWithTheTarget) {
  const auto scores = score_on(test::rich_model(), test::animals()).scores;
  EXPECT_TRUE(scores.contains("accuracy"));
  EXPECT_TRUE(scores.contains("f1"));
}

}  // namespace
}  // namespace caviar

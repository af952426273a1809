// Targets, splits and preprocessing.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/preprocess.hpp"
#include "caviar/data/split.hpp"
#include "caviar/data/target.hpp"

namespace caviar {
namespace {

template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "";
}

std::vector<std::size_t> all_rows(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

TEST(Target, IsClassesForTextAndFewWholeNumbers) {
  const Table table = parse_csv("t,n,r\nb,10,1.5\na,9,2.5\nb,10,3\na,9,4\n", "t.csv");
  const Target text = read_target(table, "t");
  EXPECT_EQ(text.task, Task::classification);
  EXPECT_EQ(text.classes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(text.labels, (std::vector<std::int32_t>{1, 0, 1, 0}));
  EXPECT_EQ(class_counts(text), (std::vector<std::size_t>{2, 2}));
  const Target number = read_target(table, "n");
  EXPECT_EQ(number.classes, (std::vector<std::string>{"9", "10"}));
  EXPECT_EQ(number.labels, (std::vector<std::int32_t>{1, 0, 1, 0}));
  EXPECT_EQ(read_target(table, "r").task, Task::regression);
  const Target told = read_target(table, "n", Task::regression);
  EXPECT_EQ(told.values, (std::vector<double>{10, 9, 10, 9}));
}

TEST(Target, IsANumberForManyWholeNumbers) {
  std::string text = "n\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i % 21) + "\n";
  EXPECT_EQ(read_target(parse_csv(text, "t.csv"), "n").task, Task::regression);
  EXPECT_EQ(read_target(parse_csv(text, "t.csv"), "n", Task::classification).classes.size(), 21U);
}

TEST(Target, RefusesWhatCannotBeLearnt) {
  const Table table =
      parse_csv("one,gap,many,text,same\nx,1,1,a,5\nx,,2,b,5\nx,0,3,a,5\nx,1,4,b,5\n", "t.csv");
  EXPECT_EQ(error_of([&] { read_target(table, "digit"); }),
            "t.csv: there is no column 'digit' for the target (known: one, gap, many, text, same)");
  EXPECT_EQ(error_of([&] { read_target(table, "one"); }),
            "t.csv: target column 'one': all 4 rows have the same value 'x'; at least two classes "
            "were expected");
  EXPECT_NE(error_of([&] {
              read_target(table, "gap");
            }).find("1 of 4 rows have no value, the first of them row 2"),
            std::string::npos);
  EXPECT_NE(error_of([&] { read_target(table, "many"); }).find("4 classes in 4 rows are too many"),
            std::string::npos);
  EXPECT_NE(
      error_of([&] { read_target(table, "text", Task::regression); }).find("'a' is not a number"),
      std::string::npos);
  EXPECT_NE(
      error_of([&] { read_target(table, "same", Task::regression); }).find("nothing to learn"),
      std::string::npos);
}

TEST(Split, CutsEveryRowIntoExactlyOnePart) {
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 103; ++i) labels.push_back(i % 10 == 0 ? 2 : i % 3 == 0);
  const Split split =
      split_rows(labels.size(), labels, {.validation = 0.2, .test = 0.25, .seed = 3});
  std::set<std::size_t> seen;
  for (const auto* part : {&split.training, &split.validation, &split.test}) {
    EXPECT_TRUE(std::is_sorted(part->begin(), part->end()));
    seen.insert(part->begin(), part->end());
  }
  EXPECT_EQ(seen.size(), labels.size());
  EXPECT_EQ(split.training.size() + split.validation.size() + split.test.size(), labels.size());
  for (int label = 0; label < 3; ++label) {
    const auto in = [&](const std::vector<std::size_t>& part) {
      return double(
          std::count_if(part.begin(), part.end(), [&](auto row) { return labels[row] == label; }));
    };
    const auto of = double(std::count(labels.begin(), labels.end(), label));
    EXPECT_LE(std::abs(in(split.test) - 0.25 * of), 1);
    EXPECT_LE(std::abs(in(split.validation) - 0.2 * of), 1);
  }
}

TEST(Split, DependsOnTheSeedAndKeepsTheTestPartApart) {
  const auto split = [](std::uint64_t seed, double validation) {
    return split_rows(200, {}, {.validation = validation, .test = 0.2, .seed = seed});
  };
  EXPECT_EQ(split(1, 0.2).training, split(1, 0.2).training);
  EXPECT_NE(split(1, 0.2).test, split(2, 0.2).test);
  EXPECT_EQ(split(1, 0.2).test, split(1, 0.4).test);
  EXPECT_EQ(split(1, 0.2).test.size(), 40U);
  EXPECT_TRUE(split(1, 0).validation.empty());
}

TEST(Split, LeavesEveryClassARowToTrainOn) {
  const std::vector<std::int32_t> labels = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2};
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Split split =
        split_rows(labels.size(), labels, {.validation = 0.4, .test = 0.4, .seed = seed});
    std::set<std::int32_t> classes;
    for (const auto row : split.training) classes.insert(labels[row]);
    EXPECT_EQ(classes.size(), 3U);
  }
}

TEST(Split, RefusesSharesWithoutSense) {
  EXPECT_EQ(
      error_of([] { split_rows(10, {}, {.validation = 0.5, .test = 0.5}); }),
      "validation 0.5 and test 0.5 leave no rows to train on; together they must stay below 1");
  EXPECT_NE(error_of([] { split_rows(10, {}, {.validation = -0.1}); }), "");
  EXPECT_NE(error_of([] { split_rows(10, {}, {.test = 1}); }), "");
  EXPECT_NE(error_of([] { split_rows(2, {}, {.validation = 0.1, .test = 0.1}); }), "");
}

TEST(Preprocessor, LearnsOnTheTrainingRowsOnly) {
  const Table table = parse_csv("a,b\n1,5\n3,5\n,5\n1000,6\n", "t.csv");
  const std::vector<std::size_t> columns = {0, 1}, training = {0, 1, 2};
  const Preprocessor preprocessor = Preprocessor::learn(table, columns, training);
  EXPECT_EQ(preprocessor.width(), 2U);
  const auto x = preprocessor.apply(table, all_rows(4));
  // 1, 3 and the median 2 for the gap: mean 2, deviation √(2/3)
  const float unit = float(1 / std::sqrt(2.0 / 3));
  EXPECT_FLOAT_EQ(x[0], -unit);
  EXPECT_FLOAT_EQ(x[2], unit);
  EXPECT_FLOAT_EQ(x[4], 0);
  EXPECT_FLOAT_EQ(x[6], 998 * unit);
  for (std::size_t row = 0; row < 4; ++row) EXPECT_EQ(x[2 * row + 1], 0);  // constant in training
}

TEST(Preprocessor, TurnsTextIntoOneFeatureALevel) {
  const Table table = parse_csv("s,n\nb,1\na,2\n,3\nb,4\nc,5\n", "t.csv");
  const std::vector<std::size_t> columns = {1, 0}, training = {0, 1, 2, 3};
  const Preprocessor preprocessor = Preprocessor::learn(table, columns, training);
  const auto names = preprocessor.feature_names();
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.end()),
            (std::vector<std::string>{"n", "s = a", "s = b", "s missing"}));
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
  const Table table = parse_csv(text, "t.csv");
  const std::vector<std::size_t> columns = {0};
  const Preprocessor preprocessor = Preprocessor::learn(table, columns, all_rows(table.rows));
  EXPECT_EQ(preprocessor.width(), most_levels);
  const auto names = preprocessor.feature_names();
  EXPECT_NE(std::find(names.begin(), names.end(), "s = x"), names.end());
}

TEST(Moments, AreExactWhereAllIsEqual) {
  const std::vector<double> same(7, 0.1);
  EXPECT_EQ(moments(same).deviation, 0);
  EXPECT_EQ(moments(same).mean, 0.1);
  const std::vector<double> two = {1, 5};
  EXPECT_EQ(moments(two).mean, 3);
  EXPECT_EQ(moments(two).deviation, 2);
}

}  // namespace
}  // namespace caviar

// Targets and splits.
#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/split.hpp"
#include "caviar/data/target.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using testing_files::error_of;

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

TEST(Target, IsTakenFromAnotherTable) {
  const Table table = parse_csv("t,n,r\nb,10,1.5\na,9,2.5\nb,10,3\na,9,4\n", "t.csv");
  const std::vector<std::size_t> training = {0, 1};
  for (const std::string name : {"t", "n"}) {
    const TargetCode code = learn_target(table, read_target(table, name), training);
    const Table other = parse_csv("n,t\n9,a\n10,b\n9,a\n", "u.csv");
    EXPECT_EQ(read_target(other, code).labels, (std::vector<std::int32_t>{0, 1, 0}));
    EXPECT_EQ(target_from_json(Node::parse_json(to_json(code).dump(), "stored")), code);
    EXPECT_NE(error_of([&] { read_target(parse_csv("x\n1\n", "u.csv"), code); }), "");
  }
  const TargetCode code = learn_target(table, read_target(table, "t"), training);
  EXPECT_EQ(error_of([&] { read_target(parse_csv("t\nb\nc\n", "u.csv"), code); }),
            "u.csv: target column 't': 'c' in row 2 below the header is none of the 2 classes "
            "learnt (did you mean 'a'?)");
}

TEST(Target, OfARegressionIsScaledByTheTrainingRows) {
  const Table table = parse_csv("r\n1.5\n2.5\n30.1\n4\n", "t.csv");
  const std::vector<std::size_t> training = {0, 1};
  const Target target = read_target(table, "r");
  const TargetCode code = learn_target(table, target, training);
  EXPECT_EQ(code.columns[0].mean, 2);
  EXPECT_EQ(code.columns[0].deviation, 0.5);
  EXPECT_EQ(code.columns[0].coded(4), 4);
  EXPECT_EQ(code.columns[0].decoded(4), 4);
  EXPECT_EQ(code.columns[0].decoded(0), 2);
  const TargetCode plain = learn_target(table, target, training, false);
  EXPECT_EQ(plain.columns[0].coded(4), 4);
  EXPECT_EQ(plain.columns[0].decoded(7), 7);
  TargetCode odd = code;
  odd.columns[0].mean = 1.0 / 3;
  odd.columns[0].deviation = 5e-324;
  EXPECT_EQ(target_from_json(Node::parse_json(to_json(odd).dump(), "stored")), odd);
  EXPECT_NE(error_of([] {
              target_from_json(Node::parse_json(
                  R"({"column":"r","task":"regression","type":"number","mean":0,"deviation":0})",
                  "m.json"));
            }).find("m.json: deviation: "),
            std::string::npos);
}

using Names = std::vector<std::string>;

TEST(Target, OfSeveralColumnsIsLabelsOrNumbers) {
  const Table table = parse_csv("a,b,c,d\nyes,1,2.5,x\nno,0,3.5,y\nyes,0,7,x\n", "t.csv");
  const std::vector<std::size_t> training = {0, 1};
  const Target labels = read_target(table, Names{"b", "a"});
  EXPECT_EQ(labels.task, Task::multi_label);
  EXPECT_EQ(labels.values, (std::vector<double>{1, 1, 0, 0, 0, 1}));
  EXPECT_EQ(class_counts(labels), (std::vector<std::size_t>{1, 2}));
  const TargetCode code = learn_target(table, labels, training);
  EXPECT_EQ(code.name(), "b, a");
  EXPECT_EQ(code.coded(labels, 2, 1), 1);
  EXPECT_EQ(target_from_json(Node::parse_json(to_json(code).dump(), "stored")), code);
  EXPECT_EQ(read_target(parse_csv("a,b\nno,1\nyes,0\n", "u.csv"), code).values,
            (std::vector<double>{1, 0, 0, 1}));

  const Target numbers = read_target(table, Names{"c", "b"}, Task::regression);
  const TargetCode scales = learn_target(table, numbers, training);
  EXPECT_EQ(scales.columns[0].mean, 3);
  EXPECT_EQ(scales.coded(numbers, 2, 0), 8);  // (7 − 3) / 0.5
  EXPECT_EQ(scales.coded(numbers, 2, 1), -1);
  EXPECT_EQ(target_from_json(Node::parse_json(to_json(scales).dump(), "stored")), scales);
  EXPECT_EQ(read_target(table, Names{"a"}, Task::multi_label).columns.size(), 1U);
  EXPECT_NE(error_of([&] {
              read_target(table, Names{"a", "d"}, Task::multi_label);
            }).find("column 'd': 'x' in row 1 below the header is neither yes nor no"),
            std::string::npos);
}

TEST(Target, RefusesTooManyClasses) {
  Table table;
  table.source = "t.csv";
  table.rows = 200'000;
  std::vector<double> ids(table.rows);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = double(i / 2);
  table.columns.emplace_back().name = "id";
  table.columns[0].numbers = std::move(ids);
  EXPECT_EQ(error_of([&] { read_target(table, "id", Task::classification); }),
            "t.csv: target column 'id': 100000 classes are more than caviar learns apart; at most "
            "10000 were expected; say `task: regression` if it is a quantity");
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

// Splits by groups and by time, and folds of every kind.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/split.hpp"
#include "caviar/data/target.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using namespace testing_files;
using Rows = std::vector<std::size_t>;

void expect_disjoint(const Split& split, std::size_t rows) {
  std::set<std::size_t> seen;
  for (const Rows* part : {&split.training, &split.validation, &split.test}) {
    EXPECT_TRUE(std::is_sorted(part->begin(), part->end()));
    for (const std::size_t row : *part) {
      EXPECT_LT(row, rows);
      EXPECT_TRUE(seen.insert(row).second) << row;
    }
  }
}
std::size_t size(const Split& split) {
  return split.training.size() + split.validation.size() + split.test.size();
}
template <class T>
std::set<T> values_in(const Rows& rows, const std::vector<T>& values) {
  std::set<T> found;
  for (const std::size_t row : rows) found.insert(values[row]);
  return found;
}
template <class T>
bool apart(const Rows& a, const Rows& b, const std::vector<T>& values) {
  const std::set<T> first = values_in(a, values), second = values_in(b, values);
  return std::none_of(first.begin(), first.end(), [&](T value) { return second.contains(value); });
}
double share(const Rows& rows, const std::vector<std::int32_t>& labels, std::int32_t label) {
  const auto of =
      std::count_if(rows.begin(), rows.end(), [&](auto row) { return labels[row] == label; });
  return double(of) / double(rows.size());
}

RowTraits plain(std::size_t rows) { return {rows, {}, {}, {}}; }
RowTraits labelled(std::size_t rows) {
  RowTraits traits = plain(rows);
  for (std::size_t i = 0; i < rows; ++i) traits.labels.push_back(i % 10 == 0 ? 2 : i % 3 == 0);
  return traits;
}
// Groups of 1 to 20 rows, each of one class more than of others.
RowTraits grouped(std::size_t groups) {
  Rng rng(4);
  RowTraits traits;
  for (std::size_t group = 0; group < groups; ++group) {
    for (std::uint64_t left = 1 + rng.below(20); left > 0; --left) {
      traits.groups.push_back(std::int32_t(group));
      traits.labels.push_back(rng.below(3) == 0 ? 1 : std::int32_t(group % 2));
    }
  }
  traits.rows = traits.groups.size();
  return traits;
}
RowTraits timed(std::size_t rows) {
  RowTraits traits = plain(rows);
  Rng rng(6);
  for (std::size_t i = 0; i < rows; ++i) traits.times.push_back(double(rng.below(rows / 2)));
  return traits;
}

TEST(Split, KeepsGroupsTogether) {
  const RowTraits traits = grouped(60);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = split_rows(traits, {.validation = 0.2, .test = 0.3, .seed = seed});
    expect_disjoint(split, traits.rows);
    EXPECT_EQ(size(split), traits.rows);
    EXPECT_TRUE(apart(split.training, split.validation, traits.groups));
    EXPECT_TRUE(apart(split.training, split.test, traits.groups));
    EXPECT_TRUE(apart(split.validation, split.test, traits.groups));
    EXPECT_NEAR(double(split.test.size()), 0.3 * double(traits.rows), 0.05 * double(traits.rows));
    EXPECT_NEAR(double(split.validation.size()), 0.2 * double(traits.rows),
                0.05 * double(traits.rows));
    EXPECT_NEAR(share(split.test, traits.labels, 1), share(split.training, traits.labels, 1), 0.08);
  }
  EXPECT_EQ(split_rows(traits, {.validation = 0.1, .test = 0.3}).test,
            split_rows(traits, {.validation = 0.4, .test = 0.3}).test);
  EXPECT_NE(split_rows(traits, {.seed = 1}).test, split_rows(traits, {.seed = 2}).test);
}

TEST(Split, ByTimeJudgesOnWhatComesLast) {
  const RowTraits traits = timed(400);
  const Split split = split_rows(traits, {.validation = 0.25, .test = 0.2});
  expect_disjoint(split, 400);
  EXPECT_EQ(size(split), 400U);
  EXPECT_LT(*values_in(split.training, traits.times).rbegin(),
            *values_in(split.validation, traits.times).begin());
  EXPECT_LT(*values_in(split.validation, traits.times).rbegin(),
            *values_in(split.test, traits.times).begin());
  EXPECT_NEAR(double(split.test.size()), 80, 8);
  EXPECT_NEAR(double(split.validation.size()), 100, 10);
}

TEST(Folds, LetEveryRowChooseOnce) {
  for (const RowTraits& traits : {plain(103), labelled(103), grouped(40)}) {
    const auto splits = fold_rows(traits, {.folds = 4, .repeats = 3, .test = 0.2, .seed = 7});
    ASSERT_EQ(splits.size(), 12U);
    for (std::size_t repeat = 0; repeat < 3; ++repeat) {
      std::vector<int> chosen(traits.rows);
      for (std::size_t i = 4 * repeat; i < 4 * repeat + 4; ++i) {
        expect_disjoint(splits[i], traits.rows);
        EXPECT_EQ(size(splits[i]), traits.rows);
        EXPECT_EQ(splits[i].test, splits[0].test);
        for (const std::size_t row : splits[i].validation) ++chosen[row];
      }
      for (const std::size_t row : splits[0].test) ++chosen[row];
      EXPECT_EQ(std::count(chosen.begin(), chosen.end(), 1), std::ptrdiff_t(traits.rows));
    }
    EXPECT_NE(splits[0].validation, splits[4].validation);
    EXPECT_EQ(fold_rows(traits, {.folds = 4, .seed = 7})[1].validation, splits[1].validation);
    EXPECT_NE(fold_rows(traits, {.folds = 4, .seed = 8})[1].validation, splits[1].validation);
  }
}

TEST(Folds, AreOfOneSizeAndOneMixture) {
  const RowTraits traits = labelled(997);
  const auto splits = fold_rows(traits, {.folds = 7, .test = 0});
  std::size_t least = 997, most = 0;
  for (const Split& split : splits) {
    least = std::min(least, split.validation.size());
    most = std::max(most, split.validation.size());
    EXPECT_TRUE(split.test.empty());
    for (const std::int32_t label : {0, 1, 2}) {
      const auto all = double(std::count(traits.labels.begin(), traits.labels.end(), label));
      EXPECT_LE(
          std::abs(share(split.validation, traits.labels, label) * double(split.validation.size()) -
                   all / 7),
          1);
    }
  }
  EXPECT_LE(most - least, 1U);
}

TEST(Folds, OfGroupsKeepThemTogetherAndMixed) {
  const RowTraits traits = grouped(80);
  for (const Split& split : fold_rows(traits, {.folds = 5, .test = 0})) {
    EXPECT_TRUE(apart(split.training, split.validation, traits.groups));
    EXPECT_NEAR(double(split.validation.size()), 0.2 * double(traits.rows),
                0.04 * double(traits.rows));
    EXPECT_NEAR(share(split.validation, traits.labels, 1), share(split.training, traits.labels, 1),
                0.08);
  }
}

TEST(Folds, ByTimeLearnFromThePastOnly) {
  const RowTraits traits = timed(500);
  const auto splits = fold_rows(traits, {.folds = 4, .test = 0.2});
  ASSERT_EQ(splits.size(), 4U);
  std::size_t before = 0;
  for (const Split& split : splits) {
    expect_disjoint(split, 500);
    EXPECT_GT(split.training.size(), before);
    before = split.training.size();
    EXPECT_LT(*values_in(split.training, traits.times).rbegin(),
              *values_in(split.validation, traits.times).begin());
    EXPECT_LT(*values_in(split.validation, traits.times).rbegin(),
              *values_in(split.test, traits.times).begin());
  }
}

TEST(Folds, NestToJudgeASearch) {
  const RowTraits traits = labelled(90);
  const auto nested = nested_folds(traits, 3, 4, 1);
  ASSERT_EQ(nested.size(), 3U);
  std::vector<int> judged(90);
  for (const auto& inner : nested) {
    ASSERT_EQ(inner.size(), 4U);
    std::vector<int> chosen(90);
    for (const Split& split : inner) {
      expect_disjoint(split, 90);
      EXPECT_EQ(size(split), 90U);
      EXPECT_EQ(split.test, inner[0].test);
      for (const std::size_t row : split.validation) ++chosen[row];
    }
    for (const std::size_t row : inner[0].test) {
      ++judged[row];
      ++chosen[row];
    }
    EXPECT_EQ(std::count(chosen.begin(), chosen.end(), 1), 90);
  }
  EXPECT_EQ(std::count(judged.begin(), judged.end(), 1), 90);
}

TEST(Folds, MayLackARareClass) {
  RowTraits traits = plain(50);
  traits.labels.assign(50, 0);
  traits.labels[13] = traits.labels[31] = 1;
  std::size_t without = 0;
  for (const Split& split : fold_rows(traits, {.folds = 5, .test = 0})) {
    without += std::size_t(share(split.validation, traits.labels, 1) == 0);
  }
  EXPECT_EQ(without, 3U);
}

TEST(Folds, AreRefusedWithoutSense) {
  EXPECT_EQ(error_of([] { fold_rows(plain(10), {.folds = 1}); }),
            "1 folds were asked for; at least 2 were expected");
  EXPECT_EQ(error_of([] { fold_rows(plain(10), {.folds = 11, .test = 0}); }),
            "10 rows are too few for 11 folds: take fewer folds or more data");
  EXPECT_NE(error_of([] { fold_rows(plain(10), {.folds = 2, .repeats = 0}); }), "");
  EXPECT_NE(error_of([] { fold_rows(timed(10), {.folds = 2, .repeats = 2}); }), "");
  RowTraits one_group = plain(10);
  one_group.groups.assign(10, 0);
  EXPECT_NE(error_of([&] { split_rows(one_group, {}); }).find("whole groups"), std::string::npos);
  EXPECT_NE(error_of([&] { fold_rows(one_group, {.folds = 2, .test = 0}); }), "");
  RowTraits one_time = plain(10);
  one_time.times.assign(10, 0);
  EXPECT_NE(error_of([&] { split_rows(one_time, {}); }), "");
  EXPECT_NE(error_of([&] { fold_rows(one_time, {.folds = 2, .test = 0}); }), "");
  EXPECT_NE(error_of([] { fold_rows(plain(0), {.folds = 2, .test = 0}); }), "");
}

TEST(RowTraits, AreReadFromColumns) {
  const Table table =
      parse_csv("who,when,n,c\na,2024-01-02,5,x\nb,2024-01-01,7,y\na,,5,x\n", "t.csv");
  EXPECT_EQ(row_traits(table, {0, 1, 0}, "who", "").groups, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(row_traits(table, {}, "n", "").groups, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(row_traits(table, {}, "", "n").times, (std::vector<double>{5, 7, 5}));
  EXPECT_EQ(error_of([&] { row_traits(table, {}, "", "when"); }),
            "t.csv: column 'when' tells the time, but is missing in row 3 below the header; every "
            "row needs one");
  EXPECT_EQ(error_of([&] { row_traits(table, {}, "", "c"); }),
            "t.csv: column 'c' tells the time, but is of type category; a date or a number was "
            "expected");
  EXPECT_NE(error_of([&] { row_traits(table, {}, "who", "n"); }), "");
  EXPECT_NE(error_of([&] { row_traits(table, {}, "whom", ""); }), "");
}

}  // namespace
}  // namespace caviar

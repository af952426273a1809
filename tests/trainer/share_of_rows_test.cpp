// Fewer training rows: nested, each class in its share.
#include "caviar/trainer/share_of_rows.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace caviar {
namespace {

// Rows 0 … n − 1 with their number as the only feature; one in ten is of class 1, one of class 2.
PreparedData numbered(std::size_t rows) {
  PreparedData data;
  data.task = Task::classification;
  data.classes = {"often", "tenth", "once"};
  data.training.rows = rows;
  data.training.features = 1;
  std::vector<float> x;
  for (std::size_t row = 0; row < rows; ++row) {
    x.push_back(static_cast<float>(row));
    data.training.labels.push_back(row == 7 ? 2 : row % 10 == 3 ? 1 : 0);
    data.training.weights.push_back(static_cast<float>(row) / 2);
  }
  data.training.x = Floats(std::move(x));
  return data;
}

std::set<float> rows_in(const PreparedData& data) {
  return {data.training.x.begin(), data.training.x.end()};
}

TEST(ShareOfRows, IsNestedAndStratified) {
  const PreparedData data = numbered(300);
  std::set<float> before;
  for (const double share : {0.001, 0.05, 0.2, 0.5, 0.9, 1.0}) {
    const PreparedData few = with_share_of_rows(data, share, 4);
    const std::set<float> own = rows_in(few);
    EXPECT_EQ(own.size(), few.training.rows);
    EXPECT_EQ(few.training.labels.size(), few.training.rows);
    EXPECT_EQ(own.size(), std::max<std::size_t>(3, static_cast<std::size_t>(share * 300 + 0.5)));
    EXPECT_TRUE(std::ranges::includes(own, before)) << share;
    std::map<std::int32_t, double> counts;
    for (const std::int32_t label : few.training.labels) ++counts[label];
    EXPECT_EQ(counts[2], 1) << "the rare class is there from the first on";
    if (share >= 0.05) {
      EXPECT_NEAR(counts[1], 30 * share, 1.01) << share;
    }
    for (std::size_t i = 0; i < few.training.rows; ++i) {
      const float row = few.training.x.data()[i];
      EXPECT_EQ(few.training.weights[i], row / 2);
      EXPECT_EQ(few.training.labels[i], data.training.labels[static_cast<std::size_t>(row)]);
    }
    before = own;
  }
  EXPECT_NE(rows_in(with_share_of_rows(data, 0.2, 4)), rows_in(with_share_of_rows(data, 0.2, 5)));
}

TEST(ShareOfRows, OfNumbersTakesTargetsAlong) {
  PreparedData data = numbered(50);
  data.task = Task::regression;
  data.classes.clear();
  data.training.labels.clear();
  for (std::size_t row = 0; row < 50; ++row) {
    data.training.targets.push_back(static_cast<float>(row));
    data.training.targets.push_back(-static_cast<float>(row));
  }
  const PreparedData few = with_share_of_rows(data, 0.3, 1);
  ASSERT_EQ(few.training.rows, 15U);
  for (std::size_t i = 0; i < 15; ++i) {
    EXPECT_EQ(few.training.targets[2 * i], few.training.x.data()[i]);
    EXPECT_EQ(few.training.targets[2 * i + 1], -few.training.x.data()[i]);
  }
}

}  // namespace
}  // namespace caviar

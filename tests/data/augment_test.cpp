// Shifted, flipped and scaled pictures against what can be worked out by hand.
#include "caviar/data/augment.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using testing_files::error_of;

std::vector<float> changed(const ImageShape& shape, const AugmentOptions& options,
                           std::vector<float> row, Rng& rng) {
  augmentation(shape, options)(row, rng);
  return row;
}

TEST(Augment, ChangesNothingUnasked) {
  Rng rng(1);
  const std::vector<float> row = {1, 2, 3, 4, 5, 6, 7, 8, 9, -7};
  EXPECT_EQ(changed({3, 3, 1}, {}, row, rng), row);
  EXPECT_FALSE(AugmentOptions{}.changes());
}

TEST(Augment, FlipsEverySecondPicture) {
  Rng rng(1);
  const std::vector<float> row = {1, 2, 3, 4, 5, 6, 99};
  const std::vector<float> mirrored = {3, 2, 1, 6, 5, 4, 99}, upright = {4, 5, 6, 1, 2, 3, 99},
                           both = {6, 5, 4, 3, 2, 1, 99};
  int flips = 0;
  std::set<std::vector<float>> seen;
  for (int i = 0; i < 400; ++i) {
    const auto one = changed({2, 3, 1}, {.flip = true}, row, rng);
    ASSERT_TRUE(one == row || one == mirrored);
    flips += int(one == mirrored);
    seen.insert(changed({2, 3, 1}, {.flip = true, .flip_upright = true}, row, rng));
  }
  EXPECT_NEAR(flips, 200, 50);
  EXPECT_EQ(seen, (std::set<std::vector<float>>{row, mirrored, upright, both}));
}

TEST(Augment, KeepsChannelsTogether) {
  const std::vector<float> row = {1, 10, 100, 2, 20, 200}, flipped = {2, 20, 200, 1, 10, 100};
  std::set<std::vector<float>> seen;
  Rng rng(2);
  for (int i = 0; i < 50; ++i) seen.insert(changed({1, 2, 3}, {.flip = true}, row, rng));
  EXPECT_EQ(seen, (std::set<std::vector<float>>{row, flipped}));
}

// The middle of all brightness of a spot moves by what was drawn, and nothing is lost inside.
TEST(Augment, ShiftsByPartsOfAPixel) {
  const std::size_t size = 15;
  std::vector<float> row(size * size);
  row[7 * size + 7] = 1;
  Rng rng(3);
  double least = 9, most = -9;
  for (int i = 0; i < 300; ++i) {
    const auto moved = changed({size, size, 1}, {.shift = 3}, row, rng);
    double sum = 0, x = 0, y = 0;
    for (std::size_t at = 0; at < moved.size(); ++at) {
      sum += moved[at];
      x += moved[at] * (double(at % size) - 7);
      y += moved[at] * (double(at / size) - 7);
    }
    ASSERT_NEAR(sum, 1, 1e-5);
    ASSERT_LE(std::abs(x), 3.0001);
    ASSERT_LE(std::abs(y), 3.0001);
    least = std::min(least, x);
    most = std::max(most, x);
  }
  EXPECT_LT(least, -2.5);
  EXPECT_GT(most, 2.5);
}

TEST(Augment, ScalesAboutTheMiddle) {
  const std::size_t size = 21;
  std::vector<float> row(size * size);
  for (std::size_t at = 0; at < row.size(); ++at) {
    row[at] = float(at % size) - 10;  // brightness rises by 1 a pixel
  }
  Rng rng(4);
  std::set<float> slopes;
  for (int i = 0; i < 100; ++i) {
    const auto scaled = changed({size, size, 1}, {.scale = 0.2}, row, rng);
    const float slope = scaled[10 * size + 11] - scaled[10 * size + 10];
    ASSERT_NEAR(scaled[10 * size + 10], 0, 1e-5);
    ASSERT_GE(slope, 1 / 1.2F - 1e-4F);
    ASSERT_LE(slope, 1 / 0.8F + 1e-4F);
    slopes.insert(slope);
  }
  EXPECT_GT(slopes.size(), 50U);
}

TEST(Augment, FillsEdgesWithTheBackground) {
  Rng rng(5);
  const std::vector<float> row(81, -0.5F);
  for (int i = 0; i < 50; ++i) {
    const auto same =
        changed({9, 9, 1}, {.shift = 4, .scale = 0.5, .flip = true, .background = -0.5F}, row, rng);
    for (const float x : same) ASSERT_NEAR(x, -0.5F, 1e-6);
  }
}

TEST(Augment, DependsOnTheRngAlone) {
  std::vector<float> row(64);
  std::iota(row.begin(), row.end(), 0.F);
  Rng first(6), second(6);
  const PictureChange change = augmentation({8, 8, 1}, {.shift = 2, .scale = 0.1, .flip = true});
  PictureChange copy = change;
  for (int i = 0; i < 10; ++i) {
    std::vector<float> a = row, b = row;
    change(a, first);
    copy(b, second);
    ASSERT_EQ(a, b);
  }
}

TEST(Augment, RefusesOptionsOutOfRange) {
  EXPECT_EQ(
      error_of([] { augmentation({8, 6, 1}, {.shift = 6}); }),
      "augmentation: shift 6 is out of range; a number of pixels smaller than the picture was "
      "expected");
  EXPECT_NE(error_of([] { augmentation({8, 6, 1}, {.shift = NAN}); }), "");
  EXPECT_NE(error_of([] { augmentation({8, 6, 1}, {.scale = 1}); }), "");
  EXPECT_NE(error_of([] { augmentation({8, 6, 1}, {.background = INFINITY}); }), "");
}

}  // namespace
}  // namespace caviar

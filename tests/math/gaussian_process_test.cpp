// The Gaussian process against closed forms, finite differences and functions that are known.
#include "caviar/math/gaussian_process.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

double matern(double r) {
  const double s = std::sqrt(5.0) * r;
  return (1 + s + s * s / 3) * std::exp(-s);
}

// Two points and one query, solved by hand: values ±1 are standardised to ±1/√2.
TEST(GaussianProcess, MatchesTheClosedFormOfTwoPoints) {
  const Kernel kernel{.lengths = {0.4}, .amplitude = 1.5, .noise = 0.1, .mean = 0.2};
  const std::vector<double> points = {0.2, 0.6}, values = {1, -1};
  const GaussianProcess model({{}}, points, values, kernel);
  const double scale = std::sqrt(2.0);
  const double a = 1.5 + 0.1, b = 1.5 * matern(0.4 / 0.4), determinant = a * a - b * b;
  const double k1 = 1.5 * matern(0.1 / 0.4), k2 = 1.5 * matern(0.3 / 0.4);
  const double y1 = 1 / scale - 0.2, y2 = -1 / scale - 0.2;
  const double w1 = (a * k1 - b * k2) / determinant, w2 = (a * k2 - b * k1) / determinant;
  const auto [mean, variance] = model.predict(std::vector<double>{0.3});
  EXPECT_NEAR(mean, scale * (0.2 + w1 * y1 + w2 * y2), 1e-12);
  EXPECT_NEAR(variance, 2 * (1.5 - w1 * k1 - w2 * k2), 1e-12);
  EXPECT_NEAR(model.noise_variance(100), 0.2, 1e-12);
  const double quadratic = (a * y1 * y1 + a * y2 * y2 - 2 * b * y1 * y2) / determinant;
  EXPECT_NEAR(model.log_marginal_likelihood(),
              -0.5 * quadratic - 0.5 * std::log(determinant) - std::log(2 * M_PI), 1e-12);
}

TEST(GaussianProcess, CategoriesLieOneApartAndInactiveIsItsOwn) {
  const Kernel kernel{.lengths = {0.8, 0.5}, .amplitude = 1, .noise = 1e-6, .mean = 0};
  const std::vector<Axis> axes = {{.categorical = true}, {}};
  const double inactive = std::nan("");
  // One observation: the prior's mean is the standardised value 0, so the variance tells distances.
  const std::vector<double> points = {0.125, 0.5}, values = {3};
  const GaussianProcess model(axes, points, values, kernel);
  const auto variance = [&](double label, double x) {
    return model.predict(std::vector<double>{label, x}).variance;
  };
  const auto expected = [](double r) { return 1 - matern(r) * matern(r) / (1 + 1e-6); };
  EXPECT_NEAR(variance(0.125, 0.5), expected(0), 1e-9);
  EXPECT_NEAR(variance(0.375, 0.5), expected(1 / 0.8), 1e-9);
  EXPECT_NEAR(variance(0.875, 0.5), expected(1 / 0.8), 1e-9);
  EXPECT_NEAR(variance(inactive, 0.5), expected(1 / 0.8), 1e-9);
  EXPECT_NEAR(variance(0.125, 0.7), expected(0.2 / 0.5), 1e-9);
  EXPECT_NEAR(variance(0.125, inactive), expected(0), 1e-9);
  EXPECT_NEAR(variance(0.375, 0.7), expected(std::hypot(1 / 0.8, 0.2 / 0.5)), 1e-9);
}

struct Sample {
  std::vector<Axis> axes = {{}, {.categorical = true}, {.length = 2}};
  std::vector<double> points, values;
};
Sample mixed_sample(int rows) {
  Rng rng(5);
  Sample sample;
  for (int i = 0; i < rows; ++i) {
    const double x = rng.uniform(), label = static_cast<double>(rng.below(3));
    const double z = rng.below(4) == 0 ? std::nan("") : rng.uniform();
    sample.points.insert(sample.points.end(), {x, label, z});
    sample.values.push_back(std::sin(5 * x) + 0.3 * label + (std::isnan(z) ? 0 : z * z) +
                            0.05 * rng.normal());
  }
  return sample;
}

TEST(GaussianProcess, DensityGradientMatchesFiniteDifferences) {
  const Sample sample = mixed_sample(60);
  for (const double bowl : {0.0, 0.4}) {
    const Kernel kernel{
        .lengths = {0.3, 1.2, 0.7}, .amplitude = 1.4, .noise = 0.02, .mean = 0.3, .bowl = bowl};
    std::vector<double> gradient(7), ignored(7);
    log_posterior_density(sample.axes, sample.points, sample.values, kernel, gradient);
    for (std::size_t i = 0; i < (bowl > 0 ? 7 : 6); ++i) {
      const auto moved = [&](double h) {
        Kernel k = kernel;
        if (i < 3) k.lengths[i] *= std::exp(h);
        if (i == 3) k.amplitude *= std::exp(h);
        if (i == 4) k.noise *= std::exp(h);
        if (i == 5) k.mean += h;
        if (i == 6) k.bowl *= std::exp(h);
        return log_posterior_density(sample.axes, sample.points, sample.values, k, ignored);
      };
      const double numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      EXPECT_NEAR(gradient[i], numeric, 1e-5 * (1 + std::abs(numeric))) << i << " " << bowl;
    }
  }
}

TEST(GaussianProcess, DensityGradientMatchesFiniteDifferencesInTheNoise) {
  const Sample sample = mixed_sample(40);
  std::vector<double> levels(40);
  for (std::size_t row = 0; row < levels.size(); ++row) levels[row] = std::sin(row) - 0.2;
  for (const double bowl : {0.0, 0.4}) {
    Kernel kernel{.lengths = {0.3, 1.2, 0.7}, .amplitude = 1.4, .noise = 0.02, .mean = 0.3};
    kernel.bowl = bowl;
    kernel.noise_growth = 1.2;
    if (bowl == 0) kernel.warps = {{1.3, 0.7}, {}, {0.6, 1.8}};  // nobody bends a bowl
    const std::size_t growth = bowl > 0 ? 7 : 6;
    std::vector<double> gradient(growth + 7), ignored(growth + 7);
    const auto density = [&](const Kernel& k, std::span<double> slope) {
      return log_posterior_density(sample.axes, sample.points, sample.values, k, slope, levels);
    };
    density(kernel, gradient);
    for (const std::size_t i : {std::size_t{4}, growth, growth + 1}) {
      if (i > growth && bowl > 0) continue;
      const auto moved = [&](double h) {
        Kernel k = kernel;
        if (i == 4) k.noise *= std::exp(h);
        if (i == growth) k.noise_growth += h;
        if (i == growth + 1) k.warps[0].a *= std::exp(h);
        return density(k, ignored);
      };
      const double numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      EXPECT_NEAR(gradient[i], numeric, 1e-5 * (1 + std::abs(numeric))) << i << " " << bowl;
    }
  }
}

TEST(GaussianProcess, DensityGradientMatchesFiniteDifferencesInTheWarps) {
  const Sample sample = mixed_sample(40);
  Kernel kernel{.lengths = {0.3, 1.2, 0.7}, .amplitude = 1.4, .noise = 0.02, .mean = 0.3};
  kernel.warps = {{1.3, 0.7}, {}, {0.6, 1.8}};
  std::vector<double> gradient(12), ignored(12);
  log_posterior_density(sample.axes, sample.points, sample.values, kernel, gradient);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto moved = [&](double h) {
      Kernel k = kernel;
      (i % 2 == 0 ? k.warps[i / 2].a : k.warps[i / 2].b) *= std::exp(h);
      return log_posterior_density(sample.axes, sample.points, sample.values, k, ignored);
    };
    const double numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    EXPECT_NEAR(gradient[6 + i], numeric, 1e-5 * (1 + std::abs(numeric))) << i;
  }
}

TEST(Warp, IsTheDistributionOfKumaraswamy) {
  const Warp warp{2, 3};
  EXPECT_NEAR(warp(0.5), 1 - std::pow(0.75, 3), 1e-15);
  EXPECT_EQ(warp(0), 0);
  EXPECT_EQ(warp(1), 1);
  EXPECT_NEAR(Warp{}(0.3), 0.3, 1e-15);
  const auto slope = [](auto f) { return (f(1e-6) - f(-1e-6)) / 2e-6; };
  EXPECT_NEAR(warp.slope(0.4), slope([&](double h) { return warp(0.4 + h); }), 1e-8);
  const Warp::Bend bend = warp.bend(0.4);
  EXPECT_NEAR(bend.by_log_a, slope([](double h) { return Warp{2 * std::exp(h), 3}(0.4); }), 1e-8);
  EXPECT_NEAR(bend.by_log_b, slope([](double h) { return Warp{2, 3 * std::exp(h)}(0.4); }), 1e-8);
}

// Fast at one end of the axis and slow at the other.
TEST(KernelLearning, BendsAnAxisToMakeAFunctionEven) {
  std::vector<double> points, values;
  for (int i = 0; i < 30; ++i) {
    points.push_back(i / 29.0);
    values.push_back(std::sin(12 * std::pow(points.back(), 3)));
  }
  const std::vector<Axis> axes(1);
  const GaussianProcess plain = GaussianProcess::fit(axes, points, values);
  const GaussianProcess bent = GaussianProcess::fit(axes, points, values, {.warped = true});
  EXPECT_GT(bent.kernel().warps[0].a, 1.2);
  EXPECT_GT(bent.log_marginal_likelihood(), plain.log_marginal_likelihood() + 1);
}

TEST(GaussianProcess, SlopeMatchesFiniteDifferences) {
  const Sample sample = mixed_sample(30);
  for (const bool bowl : {false, true}) {
    const GaussianProcess model = GaussianProcess::fit(sample.axes, sample.points, sample.values,
                                                       {.bowl = bowl, .warped = !bowl});
    const std::vector<double> point = {0.37, 1, 0.81};
    const GaussianProcess::Slope slope = model.slope(point);
    for (const std::size_t i : {0, 2}) {
      const auto moved = [&](double h) {
        std::vector<double> x = point;
        x[i] += h;
        return model.predict(x);
      };
      EXPECT_NEAR(slope.mean[i], (moved(1e-5).mean - moved(-1e-5).mean) / 2e-5, 1e-5);
      EXPECT_NEAR(slope.variance[i], (moved(1e-5).variance - moved(-1e-5).variance) / 2e-5, 1e-5);
    }
    EXPECT_EQ(slope.mean[1], 0);
    EXPECT_NEAR(model.means(point).front(), model.predict(point).mean, 1e-12);
    EXPECT_NEAR(slope.at.mean, model.predict(point).mean, 1e-12);
    EXPECT_NEAR(slope.at.variance, model.predict(point).variance, 1e-9);
  }
}

// A quadratic that is not along the axes: with as many points as it has coefficients the bowl knows
// it everywhere, where Matérn alone does not.
TEST(GaussianProcess, ABowlKnowsAQuadraticFromItsCoefficients) {
  Rng rng(3);
  const auto quadratic = [](double x, double y) {
    return 3 + x - 2 * y + 40 * std::pow(x - 0.8 * y - 0.1, 2) + std::pow(x + y - 1, 2);
  };
  std::vector<double> points, values;
  for (int i = 0; i < 7; ++i) {
    points.insert(points.end(), {rng.uniform(), rng.uniform()});
    values.push_back(quadratic(points[points.size() - 2], points.back()));
  }
  const std::vector<Axis> axes(2);
  const Kernel plain{.lengths = {1, 1}, .amplitude = 1e-6, .noise = 1e-10};
  Kernel bowl = plain;
  bowl.bowl = 10;
  const GaussianProcess with(axes, points, values, bowl), without(axes, points, values, plain);
  const std::vector<double> corner = {0.95, 0.05};
  const double truth = quadratic(0.95, 0.05);
  EXPECT_NEAR(with.predict(corner).mean, truth, 0.01 * truth);
  EXPECT_GT(std::abs(without.predict(corner).mean - truth), 0.1 * truth);
}

// Slice sampling against importance sampling of the same posterior: one length scale, little data.
TEST(KernelLearning, SamplesFollowThePosterior) {
  std::vector<double> points, values;
  for (int i = 0; i < 6; ++i) {
    points.push_back(i / 5.0);
    values.push_back(std::sin(4 * points.back()));
  }
  const std::vector<Axis> axes(1);
  const std::vector<Kernel> kernels =
      likely_kernels(axes, points, values, {.samples = 800, .seed = 5});
  ASSERT_EQ(kernels.size(), 801U);
  std::vector<double> drawn;
  for (const Kernel& kernel : kernels) drawn.push_back(std::log(kernel.lengths[0]));
  // Draws from a wide normal distribution about the priors' middle, weighted by the density.
  const std::vector<double> y = standardised(values).values;
  Rng rng(9);
  double sum = 0, weight = 0;
  std::vector<double> ignored(4);
  for (int i = 0; i < 12000; ++i) {
    const double a = rng.normal(), b = rng.normal(), c = rng.normal(), m = rng.normal();
    const Kernel kernel{.lengths = {0.5 * std::exp(a)},
                        .amplitude = std::exp(b),
                        .noise = 1e-4 * std::exp(2 * c),
                        .mean = m};
    if (kernel.noise < 1e-7 || kernel.noise > 2) continue;
    const double w = std::exp(log_posterior_density(axes, points, y, kernel, ignored) +
                              0.5 * (a * a + b * b + c * c + m * m));
    sum += w * std::log(kernel.lengths[0]);
    weight += w;
  }
  EXPECT_NEAR(mean(drawn), sum / weight, 0.12);
  EXPECT_GT(standard_deviation(drawn), 0.05);
}

TEST(GaussianProcess, LearnsAFunctionAndItsNoise) {
  Rng rng(2);
  std::vector<double> points, values;
  for (int i = 0; i < 150; ++i) {
    const double x = rng.uniform(), unused = rng.uniform();
    points.insert(points.end(), {x, unused});
    values.push_back(100 + 20 * std::sin(6 * x) + 2 * rng.normal());
  }
  const GaussianProcess model = GaussianProcess::fit({{}, {}}, points, values);
  double squares = 0;
  for (int i = 0; i < 50; ++i) {
    const double x = (i + 0.5) / 50;
    const double error =
        model.predict(std::vector<double>{x, 0.4}).mean - 100 - 20 * std::sin(6 * x);
    squares += error * error / 50;
  }
  EXPECT_LT(std::sqrt(squares), 1);
  EXPECT_NEAR(std::sqrt(model.noise_variance(100)), 2, 0.4);
  EXPECT_GT(model.kernel().lengths[1], 3 * model.kernel().lengths[0]);
}

// Two values, far apart: each is drawn towards the mean by its own noise, and the level by which
// that is found is what even noise makes of it.
TEST(GaussianProcess, NoiseGrowsWithTheFunction) {
  const std::vector<double> points = {0, 1}, values = {3, 7};  // ∓√½, standardised
  const Kernel kernel{.lengths = {0.01}, .amplitude = 1, .noise = 0.5, .noise_growth = 1.5};
  const GaussianProcess model({{}}, points, values, kernel);
  const double level = std::sqrt(0.5) / 1.5, spread = 8;
  const double quiet = 0.5 * std::exp(-1.5 * level), loud = 0.5 * std::exp(1.5 * level);
  EXPECT_NEAR(model.predict(std::vector{0.0}).mean, 5 - 2 / (1 + quiet), 1e-9);
  EXPECT_NEAR(model.predict(std::vector{1.0}).mean, 5 + 2 / (1 + loud), 1e-9);
  EXPECT_NEAR(model.predict(std::vector{1.0}).variance, spread * (1 - 1 / (1 + loud)), 1e-9);
  EXPECT_NEAR(model.noise_variance(7), spread * 0.5 * std::exp(1.5 * std::sqrt(0.5)), 1e-9);
}

// Deviations of 0.5 at the lowest places and 8 at the highest, or 3 everywhere.
TEST(KernelLearning, TellsNoiseThatGrowsFromEvenNoise) {
  Rng rng(3);
  std::vector<double> points, growing, even;
  for (int i = 0; i < 120; ++i) {
    const double x = rng.uniform(), truth = 10 + 10 * std::sin(6 * x);
    points.push_back(x);
    growing.push_back(truth + 0.5 * std::pow(16, truth / 20) * rng.normal());
    even.push_back(truth + 3 * rng.normal());
  }
  const std::vector<Axis> axes = {{}};
  const auto learnt = [&](std::span<const double> values, Learning learning) {
    return GaussianProcess(axes, points, values,
                           likely_kernels(axes, points, values, learning).front());
  };
  const GaussianProcess uneven = learnt(growing, {.heteroscedastic = true});
  EXPECT_NEAR(std::log(uneven.noise_variance(1)), 2 * std::log(0.5 * std::pow(16, 0.05)), 0.7);
  EXPECT_NEAR(std::log(uneven.noise_variance(19)), 2 * std::log(0.5 * std::pow(16, 0.95)), 0.7);
  const GaussianProcess same = learnt(even, {.heteroscedastic = true});
  EXPECT_EQ(same.kernel().noise_growth, 0) << "that is not clear";
  // Not asked for, or not as much noise as it is asked for.
  EXPECT_EQ(learnt(growing, {}).kernel().noise_growth, 0);
  EXPECT_EQ(learnt(growing, {.noisy_from = 2, .heteroscedastic = true}).kernel().noise_growth, 0);
}

TEST(GaussianProcess, InterpolatesWithoutNoiseAndIsUnsureFarAway) {
  std::vector<double> points, values;
  for (int i = 0; i < 9; ++i) {
    points.push_back(0.25 + i / 16.0);
    values.push_back(1e6 * std::cos(4 * points.back()));
  }
  const GaussianProcess model = GaussianProcess::fit({{}}, points, values);
  const auto seen = model.predict(std::vector<double>{0.5});
  const auto far = model.predict(std::vector<double>{1.0});
  EXPECT_NEAR(seen.mean, 1e6 * std::cos(2.0), 2e3);
  EXPECT_LT(seen.variance, 0.01 * far.variance);
}

TEST(GaussianProcess, ManyPredictionsAreTheSameAsSingleOnes) {
  const Sample sample = mixed_sample(20);
  const GaussianProcess model = GaussianProcess::fit(sample.axes, sample.points, sample.values);
  const auto all = model.predict_all(sample.points);
  ASSERT_EQ(all.size(), 20U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto one = model.predict(std::span(sample.points).subspan(3 * i, 3));
    EXPECT_NEAR(all[i].mean, one.mean, 1e-10);
    EXPECT_NEAR(all[i].variance, one.variance, 1e-10);
  }
}

TEST(GaussianProcess, SurvivesDegenerateData) {
  const std::vector<double> same(20, 0.5), flat(20, 7.0);
  const GaussianProcess constant = GaussianProcess::fit({{}}, same, flat);
  EXPECT_NEAR(constant.predict(std::vector<double>{0.9}).mean, 7, 1e-6);
  const GaussianProcess single =
      GaussianProcess::fit({{}}, std::vector<double>{0.1}, std::vector<double>{-3});
  EXPECT_NEAR(single.predict(std::vector<double>{0.1}).mean, -3, 1e-6);
  const GaussianProcess none = GaussianProcess::fit({}, {}, std::vector<double>{1, 2, 3});
  EXPECT_NEAR(none.predict({}).mean, 2, 0.2);
}

void expect_draws_of_the_posterior(double noise, double noise_growth) {
  Rng rng(4);
  std::vector<double> points, values;
  for (int row = 0; row < 12; ++row) {
    const double x = rng.uniform(), c = static_cast<double>(rng.below(2));
    points.insert(points.end(), {x, c});
    values.push_back(std::sin(5 * x) + c);
  }
  const Kernel kernel{
      .lengths = {0.4, 1.5}, .amplitude = 1.2, .noise = noise, .noise_growth = noise_growth};
  const GaussianProcess model({{false}, {true}}, points, values, kernel);
  const std::vector<double> places = {0.1, 0, 0.5, 1, 0.95, 0, 0.3, 2, std::nan(""), 1};
  constexpr int count = 4000;
  const auto draws = model.draws(places, count, 64, rng);
  ASSERT_EQ(draws.size(), static_cast<std::size_t>(count));
  const auto expected = model.predict_all(places);
  for (std::size_t place = 0; place < expected.size(); ++place) {
    double sum = 0, squares = 0;
    for (const std::vector<double>& draw : draws) {
      sum += draw[place];
      squares += draw[place] * draw[place];
    }
    const double mean = sum / count, variance = squares / count - mean * mean;
    EXPECT_NEAR(mean, expected[place].mean, 4 * std::sqrt(expected[place].variance / count) + 1e-3);
    EXPECT_NEAR(variance / expected[place].variance, 1, 0.15) << place;
  }
}

// Functions drawn from the posterior have its mean and variance, mixed axes included, also where
// the rows differ in their noise.
TEST(GaussianProcess, DrawsAreOfThePosterior) {
  expect_draws_of_the_posterior(0.02, 0);
  expect_draws_of_the_posterior(0.3, 1.5);
}

}  // namespace
}  // namespace caviar

#include "functions.hpp"

#include <cmath>
#include <numbers>

namespace caviar::quality {
namespace {

constexpr double pi = std::numbers::pi;

// −Σ_i height_i exp(−Σ_j a_ij (x_j − p_ij)²) for the four hills of Hartmann's functions.
template <std::size_t dims>
double hartmann(const double (&a)[4][dims], const double (&p)[4][dims], const Vector& x) {
  constexpr double heights[4] = {1.0, 1.2, 3.0, 3.2};
  double total = 0;
  for (int i = 0; i < 4; ++i) {
    double distance = 0;
    for (std::size_t j = 0; j < dims; ++j) {
      distance += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
    }
    total -= heights[i] * std::exp(-distance);
  }
  return total;
}

}  // namespace

double branin(const Vector& x) {
  const double bow = x[1] - 5.1 / (4 * pi * pi) * x[0] * x[0] + 5 / pi * x[0] - 6;
  return bow * bow + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

double hartmann3(const Vector& x) {
  constexpr double a[4][3] = {{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}};
  constexpr double p[4][3] = {{0.3689, 0.1170, 0.2673},
                              {0.4699, 0.4387, 0.7470},
                              {0.1091, 0.8732, 0.5547},
                              {0.0381, 0.5743, 0.8828}};
  return hartmann(a, p, x);
}

double hartmann6(const Vector& x) {
  constexpr double a[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                              {0.05, 10, 17, 0.1, 8, 14},
                              {3, 3.5, 1.7, 10, 17, 8},
                              {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double p[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                              {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                              {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                              {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  return hartmann(a, p, x);
}

double ackley(const Vector& x) {
  const auto dims = static_cast<double>(x.size());
  double waves = 0;
  for (const double value : x) waves += std::cos(2 * pi * value);
  return -20 * std::exp(-0.2 * std::sqrt(sphere(x) / dims)) - std::exp(waves / dims) + 20 +
         std::exp(1.0);
}

double levy(const Vector& x) {
  const auto w = [&](std::size_t i) { return 1 + (x[i] - 1) / 4; };
  const std::size_t last = x.size() - 1;
  double total = std::pow(std::sin(pi * w(0)), 2);
  for (std::size_t i = 0; i < last; ++i) {
    total += std::pow(w(i) - 1, 2) * (1 + 10 * std::pow(std::sin(pi * w(i) + 1), 2));
  }
  return total + std::pow(w(last) - 1, 2) * (1 + std::pow(std::sin(2 * pi * w(last)), 2));
}

double rosenbrock(const Vector& x) {
  double total = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    total += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  }
  return total;
}

double rastrigin(const Vector& x) {
  double total = 0;
  for (const double value : x) total += value * value + 10 * (1 - std::cos(2 * pi * value));
  return total;
}

double sphere(const Vector& x) {
  double total = 0;
  for (const double value : x) total += value * value;
  return total;
}

Vector minus(Vector a, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

}  // namespace caviar::quality

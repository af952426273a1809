#include "caviar/math/normal.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace caviar {
namespace {

const double log_sqrt_two_pi = 0.5 * std::log(2 * std::numbers::pi);
// Below this, differences of φ and zΦ cancel and the continued fraction converges fast.
constexpr double tail = -4;

// C(x) = 1/(x + 2/(x + 3/(x + …))) for x ≥ 4. Mills' ratio (1 − Φ(x)) / φ(x) is 1 / (x + C), and
// 1 − x · ratio is C / (x + C): both without cancellation (Abramowitz and Stegun, 26.2.14).
double continued_fraction(double x) {
  double c = x;
  for (int k = 60; k >= 2; --k) c = x + k / c;
  return 1 / c;
}

}  // namespace

double normal_log_pdf(double z) { return -0.5 * z * z - log_sqrt_two_pi; }

double normal_pdf(double z) { return std::exp(normal_log_pdf(z)); }

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_log_cdf(double z) {
  if (z > 5) return std::log1p(-normal_cdf(-z));
  if (z > tail) return std::log(normal_cdf(z));
  return normal_log_pdf(z) - std::log(-z + continued_fraction(-z));
}

double normal_quantile(double p) {
  if (p > 0.5) return -normal_quantile(1 - p);
  if (p <= 0) return -std::numeric_limits<double>::infinity();
  if (p == 0.5) return 0;
  // A start good to 5e-4 (Abramowitz and Stegun, 26.2.23), then Newton on log Φ, which is concave
  // and nearly quadratic in the tail: three steps reach full precision anywhere.
  const double t = std::sqrt(-2 * std::log(p));
  double z = (2.515517 + t * (0.802853 + t * 0.010328)) /
                 (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
             t;
  for (int step = 0; step < 3; ++step) {
    const double log_cdf = normal_log_cdf(z);
    z -= (log_cdf - std::log(p)) * std::exp(log_cdf - normal_log_pdf(z));
  }
  return z;
}

double log_improvement(double z) {
  if (z > tail) return std::log(normal_pdf(z) + z * normal_cdf(z));
  const double c = continued_fraction(-z);
  return normal_log_pdf(z) + std::log(c / (-z + c));
}

double log_improvement_slope(double z) {
  if (z > tail) return normal_cdf(z) / (normal_pdf(z) + z * normal_cdf(z));
  return 1 / continued_fraction(-z);  // Mills' ratio over 1 − x · ratio
}

}  // namespace caviar

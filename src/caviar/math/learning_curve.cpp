#include "caviar/math/learning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "caviar/math/normal.hpp"

namespace caviar {
namespace {

using Law = std::function<double(double step)>;  // falls from about 1 to 0

std::vector<Law> laws(double horizon) {
  std::vector<Law> all;
  for (const double b : {0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0}) {
    all.emplace_back([b](double t) { return std::pow(t, -b); });
  }
  for (double length = 0.5; length <= horizon; length *= 2) {
    all.emplace_back([length](double t) { return std::exp(-t / length); });
    for (const double b : {0.5, 1.0, 2.0}) {
      all.emplace_back([length, b](double t) { return 1 / (1 + std::pow(t / length, b)); });
    }
  }
  return all;
}

struct Forecast {
  double log_evidence, mean, scale, freedom;
};

// Of y = c + a·φ with prior c, a ~ N(0, 10⁶·σ²) and σ² ~ inverse gamma(1/2, 1/2000), for curves of
// about unit size: their noise is small.
Forecast regress(const std::vector<double>& phi, const std::vector<double>& y, double phi_end) {
  constexpr double prior = 1e-6, shape = 0.5, rate = 0.0005;
  const auto n = static_cast<double>(y.size());
  double s1 = 0, s2 = 0, t0 = 0, t1 = 0, yy = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    s1 += phi[i];
    s2 += phi[i] * phi[i];
    t0 += y[i];
    t1 += phi[i] * y[i];
    yy += y[i] * y[i];
  }
  const double p00 = n + prior, p11 = s2 + prior, determinant = p00 * p11 - s1 * s1;
  const double c = (p11 * t0 - s1 * t1) / determinant, a = (p00 * t1 - s1 * t0) / determinant;
  const double left = std::max(0.0, yy - c * t0 - a * t1);
  const double posterior_shape = shape + n / 2, posterior_rate = rate + left / 2;
  const double reach = (p11 - 2 * s1 * phi_end + p00 * phi_end * phi_end) / determinant;
  Forecast forecast{};
  forecast.log_evidence = -0.5 * std::log(determinant) - posterior_shape * std::log(posterior_rate);
  if (a < 0) forecast.log_evidence = -INFINITY;  // it would rise
  forecast.mean = c + a * phi_end;
  forecast.scale = std::sqrt(posterior_rate / posterior_shape * (1 + reach));
  forecast.freedom = 2 * posterior_shape;
  return forecast;
}

// Student's t to 3 digits: Wallace, "Bounds on normal approximations to Student's and the
// chi-square distributions" (1959).
double student_cdf(double t, double freedom) {
  const double size = std::sqrt(freedom * std::log1p(t * t / freedom));
  return normal_cdf(std::copysign((8 * freedom + 1) / (8 * freedom + 3) * size, t));
}

}  // namespace

double chance_below(double target, double horizon, std::span<const double> steps,
                    std::span<const double> losses) {
  if (steps.size() < 3) return 1;
  const double centre = losses.back();
  const auto [smallest, largest] = std::ranges::minmax(losses);
  if (smallest == largest) return centre <= target ? 1 : 0;  // nothing moves
  const double size = largest - smallest;
  std::vector<double> y;
  for (const double loss : losses) y.push_back((loss - centre) / size);
  std::vector<Forecast> forecasts;
  double most = -INFINITY;
  for (const Law& law : laws(horizon)) {
    std::vector<double> phi;
    for (const double step : steps) phi.push_back(law(step));
    forecasts.push_back(regress(phi, y, law(horizon)));
    most = std::max(most, forecasts.back().log_evidence);
  }
  if (!std::isfinite(most)) return losses.back() <= target ? 1 : 0;  // a curve that only rises
  double weights = 0, below = 0;
  for (const Forecast& forecast : forecasts) {
    const double weight = std::exp(forecast.log_evidence - most);
    const double t = ((target - centre) / size - forecast.mean) / forecast.scale;
    weights += weight;
    below += weight * student_cdf(t, forecast.freedom);
  }
  return below / weights;
}

}  // namespace caviar

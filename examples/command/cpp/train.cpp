// A polynomial fitted to a noisy wave by gradient descent, tuned by caviar over the wire. Run by
// itself it trains once with the defaults.
#include <cmath>
#include <random>
#include <vector>

#include "caviar_trial.hpp"

namespace {

// Chebyshev polynomials: degrees that do not disturb each other.
double basis(int degree, double x) { return std::cos(degree * std::acos(x)); }

double predict(const std::vector<double>& weights, double x) {
  double sum = 0;
  for (std::size_t k = 0; k < weights.size(); ++k)
    sum += weights[k] * basis(static_cast<int>(k), x);
  return sum;
}

struct Rows {
  std::vector<double> x, y;
};

Rows draw(std::mt19937& chance, int count) {
  std::uniform_real_distribution<double> place(-1, 1);
  std::normal_distribution<double> noise(0, 0.1);
  Rows rows;
  for (int n = 0; n < count; ++n) {
    rows.x.push_back(place(chance));
    rows.y.push_back(std::sin(4 * rows.x.back()) + noise(chance));
  }
  return rows;
}

double loss(const std::vector<double>& weights, const Rows& rows) {
  double sum = 0;
  for (std::size_t n = 0; n < rows.x.size(); ++n) {
    sum += std::pow(predict(weights, rows.x[n]) - rows.y[n], 2);
  }
  return sum / static_cast<double>(rows.x.size());
}

}  // namespace

int main() {
  caviar_trial::Trial trial({{"learning_rate", "0.1"}, {"degree", "5"}, {"decay", "1e-4"}});
  std::mt19937 chance(1);
  const Rows training = draw(chance, 60), validation = draw(chance, 60);
  std::vector<double> weights(static_cast<std::size_t>(trial.integer("degree")) + 1);
  for (int epoch = 1; epoch <= 50; ++epoch) {
    for (std::size_t n = 0; n < training.x.size(); ++n) {
      const double error = predict(weights, training.x[n]) - training.y[n];
      for (std::size_t k = 0; k < weights.size(); ++k) {
        const double slope =
            error * basis(static_cast<int>(k), training.x[n]) + trial.number("decay") * weights[k];
        weights[k] -= trial.number("learning_rate") * slope;
      }
    }
    if (!trial.report(epoch, loss(weights, validation))) return 0;
  }
  trial.result(loss(weights, validation), {{"training_loss", loss(weights, training)}});
}

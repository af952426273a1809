#include "bbob_transforms.hpp"

#include <algorithm>
#include <cmath>

namespace caviar::quality::bbob {

Vector operator-(const Vector& a, const Vector& b) {
  Vector c(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) c[i] = a[i] - b[i];
  return c;
}

double square(double x) { return x * x; }

double norm2(const Vector& x) {
  return sum(x, [](double value, double) { return value * value; });
}

double oscillated(double x) {
  if (x == 0) return 0;
  const double size = std::log(std::fabs(x));
  const double c1 = x > 0 ? 10 : 5.5, c2 = x > 0 ? 7.9 : 3.1;
  return std::copysign(std::exp(size + 0.049 * (std::sin(c1 * size) + std::sin(c2 * size))), x);
}

Vector oscillated(const Vector& x) {
  return mapped(x, [](double value, double) { return oscillated(value); });
}

Vector skewed(const Vector& x, double beta) {
  return mapped(x, [beta](double value, double place) {
    return value > 0 ? std::pow(value, 1 + beta * place * std::sqrt(value)) : value;
  });
}

Vector conditioned(const Vector& x, double condition) {
  return mapped(x, [condition](double value, double place) {
    return value * std::pow(condition, place / 2);
  });
}

double penalty(const Vector& x) {
  return sum(x, [](double value, double) { return square(std::max(0.0, std::fabs(value) - 5)); });
}

}  // namespace caviar::quality::bbob

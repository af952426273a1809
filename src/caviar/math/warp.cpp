#include "caviar/math/warp.hpp"

#include <algorithm>
#include <cmath>

namespace caviar {
namespace {

// Where slopes may be infinite they are taken a little inside.
double inside(double x) { return std::clamp(x, 1e-5, 1 - 1e-5); }

}  // namespace

double Warp::operator()(double x) const {
  return 1 - std::pow(1 - std::pow(std::clamp(x, 0.0, 1.0), a), b);
}

double Warp::slope(double x) const {
  const double at = inside(x), power = std::pow(at, a);
  return a * b * power / at * std::pow(1 - power, b - 1);
}

Warp::Bend Warp::bend(double x) const {
  const double at = inside(x), power = std::pow(at, a), rest = 1 - power;
  const double left = std::pow(rest, b);
  return {a * b * left / rest * power * std::log(at), -b * left * std::log(rest)};
}

}  // namespace caviar

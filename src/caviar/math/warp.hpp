// Bending an axis: the cumulative distribution of Kumaraswamy, w(x) = 1 − (1 − xᵃ)ᵇ on [0, 1], by
// which a function that changes fast in one part of an axis and slowly in another becomes even
// (Snoek, Swersky, Zemel and Adams, "Input warping for Bayesian optimization of non-stationary
// functions", ICML 2014).
#pragma once

namespace caviar {

struct Warp {
  double a = 1, b = 1;  // both 1: x itself

  double operator()(double x) const;
  double slope(double x) const;  // dw/dx; near the ends that of a place a little inside
  struct Bend {
    double by_log_a, by_log_b;
  };
  Bend bend(double x) const;  // dw/d log a and dw/d log b
};

}  // namespace caviar

// Minimising a smooth function inside a box: L-BFGS with projection onto the bounds.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace caviar {

// Returns f(x) and writes its gradient. NaN or infinity means "not here": the search steps back.
using Differentiable = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct Bounds {
  double low, high;
};

struct MinimizeOptions {
  int max_iterations = 100;
  int max_evaluations = 250;
  double gradient_tolerance = 1e-7;  // of the largest entry of the projected gradient
  double value_tolerance = 1e-12;    // relative decrease of one iteration
};

struct Minimum {
  std::vector<double> x;  // inside the bounds
  double value = 0;       // f(x), at most f(start)
  int evaluations = 0;
  bool converged = false;  // a tolerance was met, not a limit
};

// From `start`, clamped into the bounds (one a coordinate). A start where f is NaN or infinite
// comes back as it is, not converged. Bertsekas 1982 for the projection and the active set, Nocedal
// 1980 for the two loops.
Minimum minimize(const Differentiable& f, std::vector<double> start, std::span<const Bounds> bounds,
                 const MinimizeOptions& options = {});

}  // namespace caviar

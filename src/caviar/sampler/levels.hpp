// The scale of levelled() as a function and its inverse.
#pragma once

#include <span>
#include <vector>

namespace caviar {

// Exact at the losses that it was made of, between and beyond them along straight lines.
class Levels {
 public:
  // Finite losses. Throws std::runtime_error unless at least two differ.
  explicit Levels(std::vector<double> losses);

  double value(double loss) const { return along(losses_, values_, loss); }
  double loss(double value) const { return along(values_, losses_, value); }

 private:
  static double along(std::span<const double> from, std::span<const double> to, double x);

  std::vector<double> losses_, values_;  // ascending
};

}  // namespace caviar

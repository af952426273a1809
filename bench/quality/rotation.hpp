// Random rotations: what makes a function's variables depend on each other.
#pragma once

#include <vector>

#include "caviar/base/rng.hpp"

namespace caviar::quality {

class Rotation {
 public:
  // Uniform over all orthogonal matrices: Gram and Schmidt's orthogonalisation of normal numbers.
  Rotation(int dims, Rng& rng);

  std::vector<double> operator()(const std::vector<double>& x) const;
  std::vector<double> back(const std::vector<double>& x) const;  // the inverse

 private:
  std::vector<std::vector<double>> rows_;
};

}  // namespace caviar::quality

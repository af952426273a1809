// Our matrix products beside those of the libraries.
#pragma once

#include "caviar/nn/kernels.hpp"

#include "bench/libraries.hpp"

namespace caviar::bench {

struct Rates {
  Product product;
  Shape shape;
  std::vector<std::string> names;  // ours first
  std::vector<double> rates;       // GFLOP/s

  std::size_t best_library() const;  // 0 where there is none
  double best() const;               // of all, ours included
  double behind() const;             // the best library's rate over ours; 1 where there is none
};

// Operands as a training has them, each at the beginning of a line, and hot in the cache where they
// fit; medians of runs in turns.
Rates measure(Product product, Shape shape, const Kernels<float>& table, int runs = 9,
              double run_seconds = 0.002);

}  // namespace caviar::bench

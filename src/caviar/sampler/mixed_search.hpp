// Finding where an acquisition function is largest over a space of mixed parameters.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// How promising unit vectors are (NaN where inactive); larger is better.
struct Acquisition {
  std::function<std::vector<double>(std::span<const double> points)> all;  // row after row
  // At one point, with the gradient (0 on coordinates that are no numbers).
  std::function<double(std::span<const double> point, std::span<double> gradient)> slope;
};

struct SearchOptions {
  int spread = 400;  // candidates all over the space
  int near = 150;    // candidates around the elites
  int climbs = 4;    // of the best candidates, how many are improved further
};

// The best configuration found that satisfies the constraints and is new to the history: random
// candidates everywhere and near `elites` (unit vectors of good trials), the best of them improved
// by gradient ascent in the numeric parameters and by trying neighbours in the others. nullopt
// where every candidate was seen or infeasible.
std::optional<Point> most_promising(const Acquisition& acquisition, const History& history,
                                    const std::vector<std::vector<double>>& elites, Rng& rng,
                                    const SearchOptions& options = {});

}  // namespace caviar

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
using Scores = std::function<std::vector<double>(std::span<const double> points)>;
struct Acquisition {
  Scores glance;  // a cheaper opinion, for sorting out many candidates; may be empty
  Scores all;     // points are row after row
  // At one point, with the gradient (0 on coordinates that are no numbers).
  std::function<double(std::span<const double> point, std::span<double> gradient)> slope;
};

// A part of the unit cube; empty: all of it.
struct Region {
  std::vector<double> low, high;
};

struct SearchOptions {
  Region region = {};  // where candidates lie
  int spread = 400;    // candidates all over the space
  int near = 150;      // candidates around the elites
  int climbs = 4;      // of the best candidates, how many are improved further
  // A configuration that is no further than this from a trial in any coordinate counts as a repeat
  // and is passed over while there are others.
  double apart = 0;
  // Unit vectors as the model sees them that are not to be proposed; may be empty.
  std::function<bool(std::span<const double>)> avoid = {};
};

struct Promising {
  Point point;
  double score = 0;
};

// The best configuration found that satisfies the constraints and is new to the history: random
// candidates everywhere and near `elites` (unit vectors of good trials), the best of them improved
// by gradient ascent in the numeric parameters and by trying neighbours in the others. nullopt
// where every candidate was seen or infeasible.
std::optional<Promising> most_promising(const Acquisition& acquisition, const History& history,
                                        const std::vector<std::vector<double>>& elites, Rng& rng,
                                        const SearchOptions& options = {});

}  // namespace caviar

// What parameters brought to a population: how much the loss fell from one rung to the next under
// them, and which others are expected to bring most (PB2: Parker-Holder, Nguyen and Roberts,
// "Provably efficient online hyperparameter optimization with population-based bandits", 2020).
#pragma once

#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/math/kernel.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

struct Gains {
  std::vector<Axis> axes;        // of the space, and the progress from 0 to 1
  std::vector<double> points;    // rows of unit vectors, each with its progress behind it
  std::vector<double> values;    // by how much the loss fell; one a row
  std::vector<double> underway;  // rows that are not judged yet
};

// From all trials that continue another one; `full`: the whole budget.
Gains gains_of(const History& history, double full);

// Where mean + deviation of a Gaussian process of the gains is largest among 500 draws of the
// coordinates that are `free`, the others being those of `own`. Those underway count as having what
// is expected of them, so that members do not all choose the same. NaN where a coordinate is not
// free, and all of it where there are fewer than 4 gains to learn from.
std::vector<double> most_promising(const Gains& gains, std::span<const double> own,
                                   const std::vector<char>& free, double progress, Rng& rng);

}  // namespace caviar

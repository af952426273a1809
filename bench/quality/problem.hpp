// One problem of the quality suite, as a value: where to search, what a configuration loses, and
// the lowest loss there is.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/space/space.hpp"

namespace caviar::quality {

struct Problem {
  std::string name;    // "bbob/discus_5d": its family, its own name
  std::string family;  // bbob, classic, mixed, conditional, noisy, failing, constrained, table,
                       // training
  Space space;
  double best = 0;                           // the lowest loss known, without noise
  std::function<double(const Point&)> loss;  // without noise; NaN: the trial fails
  // What a trial reports in place of its loss (NaN: it fails); empty: the loss itself.
  std::function<double(double loss, Rng& rng)> observe = {};
  bool held_out = false;  // reported apart, and never looked at when a rule is chosen
};

// What trial `trial` of the run `seed` reports of a point. A function of these alone, so that every
// method that tries the same sees the same.
double observed(const Problem& problem, double loss, std::uint64_t seed, int trial);

using Vector = std::vector<double>;
using VectorFunction = std::function<double(const Vector&)>;

// x_1 … x_dims in [low, high].
Space cube(int dims, double low, double high);
// A function of the values of all parameters, in the space's order; all of them numbers, and
// active.
std::function<double(const Point&)> of_numbers(const Space& space, VectorFunction function);

Choice choice_of(std::initializer_list<const char*> texts);

double number(const Point& point, std::string_view name);
const std::string& text(const Point& point, std::string_view name);

Problem held_out(Problem problem);  // the same, held out

}  // namespace caviar::quality

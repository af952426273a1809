// Which values a hyperparameter may take, and how the unit interval maps onto them.
//
// Every distribution is either continuous or finite. decode() is the only way from a number in
// [0, 1] to a value, encode() the way back, and decode(encode(x)) == x for every value that decode
// can give:
//   continuous float  decode rounds to a decimal grid of about 12 digits (of the range on the
//   linear
//                     scale, of the value on log, of 1 − x on reverse_log), so values are short to
//                     print and exact to read back; low and high themselves are always reached
//   finite            n values share [0, 1] in n cells: equal cells, except integers on a log
//   scale,
//                     whose cells are as wide as the integer's share of the log axis; encode gives
//                     the middle of the cell
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "caviar/space/value.hpp"

namespace caviar {

enum class Scale {
  linear,
  log,          // log x is uniform: every decade gets the same share
  reverse_log,  // log(1 − x) is uniform, for momentum-like values below 1
};

struct Float {
  double low = 0, high = 1;
  Scale scale = Scale::linear;
  // 0: continuous. linear: low, low + step, …; log: low, low·step, … (step > 1);
  // reverse_log: 1 − x is divided by step each time (0.9, 0.99, 0.999 for step 10).
  double step = 0;
  bool operator==(const Float&) const = default;
};

struct Int {
  std::int64_t low = 0, high = 1;
  Scale scale = Scale::linear;  // linear or log
  std::int64_t step = 1;  // linear: the distance; log: the factor (16, 32, 64 …), 1 = every integer
  bool operator==(const Int&) const = default;
};

struct Choice {
  std::vector<Value> values;
  bool ordered = false;  // ordinal: neighbours are alike
  bool operator==(const Choice&) const = default;
};

using Distribution = std::variant<Float, Int, Choice>;

// Throws Error{input} that begins with `where` if no value or no sense can be found in it: low >
// high, NaN, log with low ≤ 0, reverse_log with high ≥ 1, a step that does not fit, no or repeated
// choices. (low == high is allowed: a fixed value. Study files refuse it earlier.)
void validate(const Distribution& distribution, const std::string& where);

// The number of different values; nullopt where continuous.
std::optional<std::uint64_t> cardinality(const Distribution& distribution);

// unit is clamped to [0, 1]; NaN is a programming error (assert).
Value decode(const Distribution& distribution, double unit);
// value must satisfy contains(). In [0, 1].
double encode(const Distribution& distribution, const Value& value);
// Whether a user may set this value: inside the bounds and of the right type; on a stepped or
// finite distribution also one of its values. An Int accepts 3.0, a Float accepts 3.
bool contains(const Distribution& distribution, const Value& value);
// The value as the distribution's own type (3 → 3.0 for a Float); needs contains().
Value normalised(const Distribution& distribution, const Value& value);

// The index-th of the finite values, 0 … cardinality − 1.
Value value_at(const Distribution& distribution, std::uint64_t index);
// `points` values spread evenly over [0, 1] of the unit axis, both ends included; all values of a
// finite distribution with no more than that. For grids: log scales get log-spaced points.
std::vector<Value> spread(const Distribution& distribution, std::uint64_t points);

bool is_continuous(const Distribution& distribution);
bool is_categorical(const Distribution& distribution);    // unordered choices
std::string kind_name(const Distribution& distribution);  // float, int, categorical, ordinal
std::string scale_name(Scale scale);                      // linear, log, reverse_log
// "1e-4 … 1, log", "16, 32, 64 … 256", "one of momentum, adam": for people.
std::string describe(const Distribution& distribution);

}  // namespace caviar

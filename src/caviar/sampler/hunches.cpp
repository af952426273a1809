#include "caviar/sampler/hunches.hpp"

#include <algorithm>
#include <cmath>

#include "caviar/math/normal.hpp"

namespace caviar {
namespace {

constexpr double trials_that_it_weighs = 10;  // β
constexpr double never_ruled_out = 0.05;

// A normal density cut off at the ends of the axis.
struct Bell {
  double middle, width;

  double below(double x) const { return normal_cdf((x - middle) / width); }
  double mass() const { return below(1) - below(0); }
  double cumulative(double x) const { return (below(x) - below(0)) / mass(); }
  double density(double x) const { return normal_pdf((x - middle) / width) / (width * mass()); }
};

Bell bell(const Parameter& parameter) {
  return {encode(parameter.distribution, parameter.hunch->at),
          unit_width(*parameter.hunch, parameter.distribution)};
}

// Where the mixture's cumulative density is u: by halving, which cannot fail.
double quantile(const Bell& bell, double share, double u) {
  double low = 0, high = 1;
  for (int step = 0; step < 40; ++step) {
    const double middle = (low + high) / 2;
    const double below = (1 - share) * middle + share * bell.cumulative(middle);
    (below < u ? low : high) = middle;
  }
  return (low + high) / 2;
}

struct Choices {
  double count, at, probability;  // the believed one, as an index; its probability

  bool is(double unit) const { return std::floor(std::min(unit, 1 - 1e-12) * count) == at; }
};

Choices choices(const Parameter& parameter) {
  const auto count = static_cast<double>(*cardinality(parameter.distribution));
  return {count, std::floor(encode(parameter.distribution, parameter.hunch->at) * count),
          unit_width(*parameter.hunch, parameter.distribution)};
}

// The believed choice takes the first part of the axis, the others share the rest.
double placed(const Choices& choices, double share, double u) {
  if (choices.count < 2) return u;
  const double own = (1 - share) / choices.count + share * choices.probability;
  if (u < own) return (choices.at + u / own) / choices.count;
  double other = (u - own) / (1 - own) * (choices.count - 1);
  if (other >= choices.at) other += 1;
  return std::min(other / choices.count, 1 - 1e-12);
}

}  // namespace

bool has_hunches(const Space& space) {
  return std::ranges::any_of(
      space.parameters(), [](const Parameter& parameter) { return parameter.hunch.has_value(); });
}

std::vector<double> expected_middle(const Space& space) {
  std::vector<double> unit(space.size(), 0.5);
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (space[i].hunch) unit[i] = encode(space[i].distribution, space[i].hunch->at);
  }
  return unit;
}

void place_by_hunches(const Space& space, double share, std::span<double> unit) {
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (!space[i].hunch) continue;
    unit[i] = is_categorical(space[i].distribution) ? placed(choices(space[i]), share, unit[i])
                                                    : quantile(bell(space[i]), share, unit[i]);
  }
}

double log_hunch(const Space& space, std::span<const double> unit, double weight,
                 std::span<double> gradient) {
  double sum = 0;
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (!space[i].hunch || std::isnan(unit[i])) continue;
    if (is_categorical(space[i].distribution)) {
      const Choices c = choices(space[i]);
      const double own = c.is(unit[i]) ? c.probability : (1 - c.probability) / (c.count - 1);
      sum += std::log(never_ruled_out + (1 - never_ruled_out) * own * c.count);
      continue;
    }
    const Bell b = bell(space[i]);
    const double own = (1 - never_ruled_out) * b.density(unit[i]), density = never_ruled_out + own;
    sum += std::log(density);
    if (!gradient.empty()) {
      gradient[i] -= weight * own / density * (unit[i] - b.middle) / (b.width * b.width);
    }
  }
  return sum;
}

double hunch_exponent(std::size_t trials) {
  return trials_that_it_weighs / std::max(1.0, static_cast<double>(trials));
}

double hunch_share(std::size_t trials) {
  return 0.9 * trials_that_it_weighs / (trials_that_it_weighs + static_cast<double>(trials));
}

}  // namespace caviar

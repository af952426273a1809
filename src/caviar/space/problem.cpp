// The rules that make a distribution and a list of parameters valid.
#include "caviar/space/problem.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/axis.hpp"

namespace caviar {
namespace {

using Found = std::optional<Problem>;

constexpr double most_steps = 1e9;
constexpr double finest_step =
    1e-13;  // relative to the values: beyond that they cannot be told apart
constexpr double finest_factor = 1 + 1e-9;

std::string given(double number) { return number_text(number) + " given, "; }

Found scale_problem(const Float& axis) {
  if (axis.scale == Scale::log && axis.low <= 0) {
    return Problem{"low", given(axis.low) + "a log scale needs more than 0"};
  }
  if (axis.scale == Scale::reverse_log && axis.high >= 1) {
    return Problem{"high", given(axis.high) + "a reverse_log scale needs less than 1"};
  }
  return std::nullopt;
}

Found fineness_problem(const Float& axis) {
  Problem too_fine{"step", given(axis.step) +
                               "that is too fine to tell the values apart; leave the step out "
                               "for a continuous range"};
  const double ratio = axis.high / axis.step - axis.low / axis.step;
  if (axis.scale == Scale::linear && ratio > most_steps) return too_fine;
  const std::uint64_t last = *count(axis) - 1;
  if (static_cast<double>(last) > most_steps) return too_fine;
  const double a = value_at(axis, last - 1), b = value_at(axis, last);
  return b - a < finest_step * std::max(std::fabs(a), std::fabs(b)) ? Found(too_fine)
                                                                    : std::nullopt;
}

Found step_problem(const Float& axis) {
  if (axis.step == 0 || axis.low == axis.high) return std::nullopt;
  if (axis.scale == Scale::linear) {
    if (!(axis.step > 0)) return Problem{"step", given(axis.step) + "a step must be more than 0"};
    if (axis.step / 2 > axis.high / 2 - axis.low / 2) {
      return Problem{"step", given(axis.step) + "more than the whole range from " +
                                 number_text(axis.low) + " to " + number_text(axis.high)};
    }
    return fineness_problem(axis);
  }
  if (!(axis.step >= finest_factor)) {
    return Problem{"step", given(axis.step) + "on a " + scale_name(axis.scale) +
                               " scale the step is a factor and must be more than 1"};
  }
  if (*count(axis) < 2) {
    return Problem{"step", given(axis.step) + "a factor larger than the whole range from " +
                               number_text(axis.low) + " to " + number_text(axis.high)};
  }
  return fineness_problem(axis);
}

Found find_in(const Float& axis) {
  if (!std::isfinite(axis.low))
    return Problem{"low", given(axis.low) + "a finite number is needed"};
  if (!std::isfinite(axis.high)) {
    return Problem{"high", given(axis.high) + "a finite number is needed"};
  }
  if (!std::isfinite(axis.step)) {
    return Problem{"step", given(axis.step) + "a finite number is needed"};
  }
  if (axis.low > axis.high) {
    return Problem{"low",
                   given(axis.low) + "it must not be more than high, " + number_text(axis.high)};
  }
  if (const Found problem = scale_problem(axis)) return problem;
  return step_problem(axis);
}

Found find_in(const Int& axis) {
  const auto given_integer = [](std::int64_t number) {
    return std::to_string(number) + " given, ";
  };
  if (axis.low > axis.high) {
    return Problem{"low", given_integer(axis.low) + "it must not be more than high, " +
                              std::to_string(axis.high)};
  }
  if (axis.scale == Scale::reverse_log) {
    return Problem{"scale", "reverse_log is for floats below 1; an int has linear or log"};
  }
  if (axis.scale == Scale::log && axis.low <= 0) {
    return Problem{"low", given_integer(axis.low) + "a log scale needs more than 0"};
  }
  if (axis.step < 1) return Problem{"step", given_integer(axis.step) + "a step must be at least 1"};
  if (axis.low < axis.high && axis.step > 1 && count(axis) < 2) {
    return Problem{"step", given_integer(axis.step) + "more than the whole range from " +
                               std::to_string(axis.low) + " to " + std::to_string(axis.high)};
  }
  return std::nullopt;
}

Found find_in(const Choice& choice) {
  if (choice.values.empty()) return Problem{"choices", "at least one choice is needed"};
  for (auto at = choice.values.begin(); at != choice.values.end(); ++at) {
    if (const auto number = as_number(*at); number && !std::isfinite(*number)) {
      return Problem{"choices", "'" + to_text(*at) + "' given, a finite number is needed"};
    }
    const auto* text = std::get_if<std::string>(&*at);
    if (text && valid_utf8(*text) != text->size()) {
      return Problem{"choices", "'" + *text + "' is not UTF-8 text"};
    }
    const auto twin = std::find_if(choice.values.begin(), at,
                                   [&](const Value& before) { return same(before, *at); });
    if (twin != at) return Problem{"choices", "'" + to_text(*at) + "' is given twice"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Problem> find_problem(const Distribution& distribution) {
  return std::visit([](const auto& kind) { return find_in(kind); }, distribution);
}

}  // namespace caviar

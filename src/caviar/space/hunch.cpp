#include "caviar/space/hunch.hpp"

#include <cmath>

#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

constexpr double default_width = 1.0 / 6, default_probability = 0.6;

template <class Axis>
double axis_width(const Axis& axis, double within) {
  const auto low = static_cast<double>(axis.low), high = static_cast<double>(axis.high);
  if (axis.scale == Scale::log) return std::log(within) / (std::log(high) - std::log(low));
  if (axis.scale == Scale::reverse_log) {
    return std::log(within) / (std::log(1 - low) - std::log(1 - high));
  }
  return within / (high - low);
}

bool by_factor(const Distribution& distribution) {
  return std::visit(match{[](const Choice&) { return false; },
                          [](const auto& axis) { return axis.scale != Scale::linear; }},
                    distribution);
}

}  // namespace

std::optional<std::string> find_problem(const Hunch& hunch, const Distribution& distribution) {
  if (!contains(distribution, hunch.at)) {
    return "at: " + to_text(hunch.at) + " given, " + describe(distribution) + " expected";
  }
  if (hunch.within == 0) return std::nullopt;
  const std::string given = "within: " + number_text(hunch.within) + " given, ";
  if (is_categorical(distribution)) {
    const bool fits = hunch.within > 0 && hunch.within < 1;
    return fits ? std::nullopt : std::optional(given + "a probability below 1 expected");
  }
  const double least = by_factor(distribution) ? 1 : 0;
  if (std::isfinite(hunch.within) && hunch.within > least) return std::nullopt;
  return given +
         (least > 0 ? "a factor of more than 1 expected" : "a distance of more than 0 expected");
}

double unit_width(const Hunch& hunch, const Distribution& distribution) {
  if (is_categorical(distribution)) {
    return hunch.within == 0 ? default_probability : hunch.within;
  }
  if (hunch.within == 0) return default_width;
  const double width =
      std::visit(match{[&](const Choice& choice) {
                         return hunch.within / static_cast<double>(choice.values.size());
                       },
                       [&](const auto& axis) { return axis_width(axis, hunch.within); }},
                 distribution);
  return std::isfinite(width) && width > 1e-3 ? width : 1e-3;
}

}  // namespace caviar

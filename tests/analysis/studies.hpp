// Made-up studies for the tests of analysis and report.
#pragma once

#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "caviar/analysis/importance.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trial/history.hpp"

namespace caviar::testing {

// A history under construction: trials come one by one.
struct StudyMaker {
  StudyMaker(Space space, Goal goal = {}) : history(std::move(space), std::move(goal)) {}

  int add(const Point& point, TrialState state, std::vector<double> values = {},
          const std::string& why = "", const Note& note = {}) {
    const int number = static_cast<int>(history.trials().size());
    history.apply(Asked{number, {point, "random", note}, "", std::nullopt, 1000.0 + number});
    if (state != TrialState::running) {
      history.apply(
          Ended{number, state, std::move(values), {}, why, std::nullopt, 1000.5 + number});
    }
    return number;
  }

  // Complete trials at random points of the space; value(unit) with NaN where inactive.
  void fill(int count, const std::function<double(const std::vector<double>&)>& value,
            std::uint64_t seed = 1) {
    Rng rng(seed);
    for (int trial = 0; trial < count; ++trial) {
      const Point point = *draw(history.space(), rng);
      add(point, TrialState::complete, {value(encode(history.space(), point))});
    }
  }

  History history;
};

// The share of one parameter; NaN where it is not among them.
inline double share_of(const std::vector<ParameterImportance>& all, std::size_t parameter) {
  for (const ParameterImportance& each : all) {
    if (each.parameter == parameter) return each.share;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

inline Space unit_cube(std::size_t dimensions) {
  std::vector<Parameter> parameters;
  for (std::size_t index = 0; index < dimensions; ++index) {
    parameters.push_back({"x" + std::to_string(index), Float{0, 1}, {}, 0});
  }
  return Space(std::move(parameters));
}

}  // namespace caviar::testing

#include "problem.hpp"

#include <cmath>
#include <utility>

namespace caviar::quality {

double observed(const Problem& problem, double loss, std::uint64_t seed, int trial) {
  if (!problem.observe || std::isnan(loss)) return loss;
  // A stream apart from those that samplers draw from.
  Rng rng(seed ^ 0x6e6f697365ULL, static_cast<std::uint64_t>(trial));
  return problem.observe(loss, rng);
}

Space cube(int dims, double low, double high) {
  std::vector<Parameter> parameters;
  for (int i = 1; i <= dims; ++i) parameters.push_back({"x" + std::to_string(i), Float{low, high}});
  return Space(std::move(parameters));
}

std::function<double(const Point&)> of_numbers(const Space& space, VectorFunction function) {
  std::vector<std::string> names;
  for (const Parameter& parameter : space.parameters()) names.push_back(parameter.name);
  return [names = std::move(names), function = std::move(function)](const Point& point) {
    Vector x;
    x.reserve(names.size());
    for (const std::string& name : names) x.push_back(number(point, name));
    return function(x);
  };
}

Choice choice_of(std::initializer_list<const char*> texts) {
  Choice choice;
  for (const char* text : texts) choice.values.emplace_back(std::string(text));
  return choice;
}

double number(const Point& point, std::string_view name) {
  return as_number(point.at(name)).value();
}

const std::string& text(const Point& point, std::string_view name) {
  return std::get<std::string>(point.at(name));
}

Problem held_out(Problem problem) {
  problem.held_out = true;
  return problem;
}

}  // namespace caviar::quality

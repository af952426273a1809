#include "caviar/trainer/hyperparameters.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"
#include "caviar/trainer/names_elsewhere.hpp"

namespace caviar {
namespace {

std::string expectation(const Hyperparameter& h) {
  if (h.kind == ValueKind::yes_no) return "true or false";
  if (h.kind == ValueKind::widths) {
    return fmt::format("a whole number from {} to {}, or one for each layer, such as 128-64",
                       number_text(h.low), number_text(h.high));
  }
  if (h.kind == ValueKind::choice) return "one of " + join(h.names, ", ");
  const std::string kind = h.kind == ValueKind::whole_number ? "a whole number" : "a number";
  const std::string from =
      fmt::format("{} {}", h.low_itself ? "from" : "above", number_text(h.low));
  if (std::isinf(h.high)) return fmt::format("{} {}", kind, from);
  return fmt::format("{} {} {} {}", kind, from, h.high_itself ? "to" : "and below",
                     number_text(h.high));
}

[[noreturn]] void refuse(const Hyperparameter& h, const std::string& written,
                         const std::string& where) {
  throw Error(Fault::input, fmt::format("{}: {} makes no sense as {} ({}); {} was expected", where,
                                        written, h.name, h.help, expectation(h)));
}

std::string written(const Value& value) {
  const bool is_text = std::holds_alternative<std::string>(value);
  return is_text ? "'" + to_text(value) + "'" : to_text(value);
}

bool makes_sense(const Hyperparameter& h, double x) {
  const bool above = h.low_itself ? x >= h.low : x > h.low;
  const bool below = h.high_itself ? x <= h.high : x < h.high;
  return above && below;
}

[[noreturn]] void unknown_name(const std::string& name, const std::string& where) {
  throw Error(Fault::input, fmt::format("{}: the trainer has no hyperparameter '{}'{}", where, name,
                                        hyperparameter_suggestion(name)));
}

const Hyperparameter& need(const std::string& name, const std::string& where) {
  if (const Hyperparameter* found = find_hyperparameter(name)) return *found;
  unknown_name(name, where);
}

// The ends of a range are its extreme values, so checking them checks all between.
void check_distribution(const Hyperparameter& h, const Distribution& distribution,
                        const std::string& where) {
  std::visit(match{[&](const Float& range) {
                     if (h.kind != ValueKind::number) {
                       refuse(h, "a range of fractions (type: float)", where);
                     }
                     checked(h, range.low, where + ".low");
                     checked(h, range.high, where + ".high");
                   },
                   [&](const Int& range) {
                     checked(h, range.low, where + ".low");
                     checked(h, range.high, where + ".high");
                   },
                   [&](const Choice& choice) {
                     for (const Value& value : choice.values) checked(h, value, where + ".choices");
                   }},
             distribution);
}

// Which of the optimisers that may come up use the hyperparameter.
std::vector<Value> users(const Hyperparameter& h, const std::vector<Value>& optimizers) {
  std::vector<Value> found;
  for (const Value& optimizer : optimizers) {
    const Optimizer parsed = parse_optimizer(to_text(optimizer), "optimizer");
    const bool uses = h.only_for.empty() ||
                      std::find(h.only_for.begin(), h.only_for.end(), parsed) != h.only_for.end();
    if (uses) found.push_back(optimizer);
  }
  return found;
}

Distribution range_for(const Hyperparameter& h, const std::vector<Value>& optimizers) {
  if (h.name != "learning_rate" || optimizers.size() != 1) return h.range;
  // With one optimiser only, the decades where it never works need not be searched.
  const double usual = usual_learning_rate(parse_optimizer(to_text(optimizers[0]), "optimizer"));
  return usual < 0.005 ? Float{1e-4, 1e-1, Scale::log} : Float{1e-3, 1, Scale::log};
}

}  // namespace

const Hyperparameter* find_hyperparameter(const std::string& name) {
  for (const Hyperparameter& h : hyperparameters()) {
    if (h.name == name) return &h;
  }
  return nullptr;
}

int default_tier(const std::string& name) {
  const Hyperparameter* found = find_hyperparameter(name);
  return found == nullptr ? 0 : found->tier;
}

std::vector<int> parse_widths(const std::string& text) {
  std::vector<int> widths;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('-', at), text.size());
    const std::optional<double> width = parse_number(std::string_view(text).substr(at, end - at));
    if (!width || *width != std::floor(*width) || *width < 1 || *width > 1e9) return {};
    widths.push_back(static_cast<int>(*width));
    at = end + 1;
  }
  return widths;
}

Value checked(const Hyperparameter& h, const Value& value, const std::string& where) {
  if (h.kind == ValueKind::yes_no) {
    if (!std::holds_alternative<bool>(value)) refuse(h, written(value), where);
    return value;
  }
  if (h.kind == ValueKind::widths && std::holds_alternative<std::string>(value)) {
    const std::vector<int> widths = parse_widths(std::get<std::string>(value));
    const bool good =
        std::all_of(widths.begin(), widths.end(), [&](int width) { return makes_sense(h, width); });
    if (widths.empty() || !good) refuse(h, written(value), where);
    return value;
  }
  if (h.kind == ValueKind::choice) {
    const auto* name = std::get_if<std::string>(&value);
    if (name == nullptr) refuse(h, written(value), where);
    if (std::find(h.names.begin(), h.names.end(), *name) != h.names.end()) return value;
    throw Error(Fault::input, fmt::format("{}: '{}' is no {}{}", where, *name, h.name,
                                          suggestion(*name, h.names)));
  }
  const bool is_number =
      std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
  if (!is_number) refuse(h, written(value), where);
  const double x = *as_number(value);
  const bool whole = h.kind != ValueKind::number;
  if (!makes_sense(h, x) || (whole && x != std::floor(x))) refuse(h, written(value), where);
  return whole ? Value(static_cast<std::int64_t>(x)) : Value(x);
}

Space default_space(const TrainSpec& spec, int tiers) {
  const Hyperparameter& optimizer = need("optimizer", "space");
  const Value* fixed = spec.fixed.find("optimizer");
  const std::vector<Value> optimizers =
      fixed == nullptr ? std::get<Choice>(optimizer.range).values : std::vector<Value>{*fixed};
  std::vector<Parameter> parameters;
  for (const Hyperparameter& h : hyperparameters()) {
    if (!h.searched || h.tier > tiers || spec.fixed.find(h.name) != nullptr) continue;
    const std::vector<Value> using_it = users(h, optimizers);
    if (using_it.empty()) continue;
    Parameter parameter{.name = h.name, .distribution = range_for(h, optimizers), .tier = h.tier};
    if (using_it.size() < optimizers.size()) {
      parameter.when.push_back({.parameter = "optimizer", .values = using_it});
    }
    parameters.push_back(std::move(parameter));
  }
  return Space(std::move(parameters));
}

Space with_default_tiers(const Space& space) {
  std::vector<Parameter> parameters(space.parameters().begin(), space.parameters().end());
  for (Parameter& parameter : parameters) {
    if (parameter.tier == 0) parameter.tier = default_tier(parameter.name);
  }
  return Space(std::move(parameters), {space.constraints().begin(), space.constraints().end()});
}

void check_space(const TrainSpec& spec, const Space& space, const std::string& where) {
  for (const Parameter& parameter : space.parameters()) {
    const std::string place = where + "." + parameter.name;
    check_distribution(need(parameter.name, place), parameter.distribution, place);
    if (parameter.name == "quantile" && !spec.quantiles.empty()) {
      throw Error(Fault::input, place +
                                    ": several are also fixed for the training, which learns "
                                    "them all; take it out of one of them");
    }
    const Value* fixed = spec.fixed.find(parameter.name);
    if (fixed == nullptr) continue;
    throw Error(
        Fault::input,
        fmt::format("{}: it is also fixed to {} for the training; take it out of one of them",
                    place, written(*fixed)));
  }
}

double usual_learning_rate(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::sgd:
      return 0.1;
    case Optimizer::momentum:
    case Optimizer::nesterov:
    case Optimizer::adagrad:
      return 0.01;
    case Optimizer::rmsprop:
    case Optimizer::adam:
    case Optimizer::amsgrad:
    case Optimizer::adamw:
    case Optimizer::nadam:
      break;
  }
  return 1e-3;
}

}  // namespace caviar

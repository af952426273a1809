#include "caviar/run/steering.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/trainer/changeable.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/names_elsewhere.hpp"
#include "caviar/trainer/without_effect.hpp"

namespace caviar {
namespace {

std::vector<std::string> steerable() {
  std::vector<std::string> names = {"patience", "min_delta"};
  for (const Hyperparameter& h : hyperparameters()) {
    if (why_unchangeable(h.name) == nullptr) names.push_back(h.name);
  }
  return names;
}

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw Error(Fault::input, name + " cannot change while the training runs: " + why);
}

// What would do nothing is said, not done.
void check_effects(const TrainSpec& spec, const std::vector<Change>& made) {
  for (const Change& change : made) {
    if (const auto why = why_without_effect(change.name, spec)) throw Error(Fault::input, *why);
  }
}

std::string patience_text(const TrainSpec& spec) {
  return spec.patience ? std::to_string(*spec.patience) : "false";
}

Change set_patience(TrainSpec& spec, const Value& value) {
  Change change{"patience", patience_text(spec), ""};
  const auto* flag = std::get_if<bool>(&value);
  const auto* epochs = std::get_if<std::int64_t>(&value);
  const bool off = flag != nullptr && !*flag;
  if (!off && (epochs == nullptr || *epochs < 1 || *epochs > 1'000'000)) {
    throw Error(Fault::input, "patience: " + to_text(value) +
                                  " given, a number of epochs from 1 on expected, or false");
  }
  spec.patience = off ? std::nullopt : std::optional<int>(static_cast<int>(*epochs));
  change.to = patience_text(spec);
  return change;
}

Change set_min_delta(TrainSpec& spec, const Value& value) {
  const std::optional<double> gain = as_number(value);
  if (!gain || !(*gain >= 0) || std::isinf(*gain)) {
    throw Error(Fault::input,
                "min_delta: " + to_text(value) + " given, a gain of at least 0 expected");
  }
  Change change{"min_delta", number_text(spec.min_delta), number_text(*gain)};
  spec.min_delta = *gain;
  return change;
}

std::string value_now(const TrainSpec& spec, const Hyperparameter& h) {
  if (const Value* fixed = spec.fixed.find(h.name)) return to_text(*fixed);
  if (h.name == "learning_rate") return number_text(settings(spec).knobs.learning_rate);
  return to_text(h.usual);
}

Change set(TrainSpec& spec, const std::string& name, const Value& value) {
  if (name == "patience") return set_patience(spec, value);
  if (name == "min_delta") return set_min_delta(spec, value);
  if (const std::string* why = why_unchangeable(name)) refuse(name, *why);
  const Hyperparameter* h = find_hyperparameter(name);
  if (h == nullptr) {
    const std::optional<std::string> here = name_here(name);
    throw Error(Fault::input,
                "there is nothing called '" + name + "' to change in a training" +
                    (here ? " (did you mean '" + *here + "'?)" : suggestion(name, steerable())));
  }
  const Value meant = checked(*h, value, name);
  Change change{name, value_now(spec, *h), to_text(meant), name == "batch_size"};
  spec.fixed.set(name, meant);
  return change;
}

}  // namespace

std::vector<Change> steer(TrainSpec& spec, const Point& changes) {
  TrainSpec next = spec;
  // A schedule takes the place of rates that were told epoch by epoch.
  if (changes.find("schedule") != nullptr) {
    next.rate_table.clear();
    next.rate_formula.reset();
  }
  std::vector<Change> made;
  for (const auto& [name, value] : changes.entries()) made.push_back(set(next, name, value));
  settings(next);  // throws where they make no sense together
  check_effects(next, made);
  spec = std::move(next);
  return made;
}

void check_epochs_to_come(const Point& changes, const RunMoment& at) {
  const Value* wanted = changes.find("epochs");
  const std::optional<double> epochs = wanted == nullptr ? std::nullopt : as_number(*wanted);
  const int begun = at.iteration > 0 ? at.epoch : at.epoch - 1;
  if (!epochs || *epochs >= begun) return;
  throw Error(Fault::input, "epochs: " + to_text(*wanted) + " given, but the training is " +
                                to_text(at) + ": at least " + std::to_string(begun) +
                                " expected (stop ends a training now)");
}

double number_now(const TrainSpec& spec, const std::string& name) {
  const Hyperparameter* h = find_hyperparameter(name);
  const std::string text = name == "patience"    ? patience_text(spec)
                           : name == "min_delta" ? number_text(spec.min_delta)
                           : h != nullptr        ? value_now(spec, *h)
                                                 : "";
  if (const std::optional<double> number = parse_number(text)) return *number;
  throw Error(Fault::input, "'" + name + "' is no number that a training has" +
                                (h == nullptr ? suggestion(name, steerable()) : ""));
}

std::string to_text(const std::vector<Change>& changes) {
  std::vector<std::string> parts;
  for (const Change& change : changes) {
    parts.push_back(change.name + " " + change.from + " → " + change.to);
  }
  return join(parts, ", ");
}

}  // namespace caviar

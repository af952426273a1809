// What a training may be judged by, by the names that a study file uses.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/trial/goal.hpp"

namespace caviar {

struct Metric {
  std::string name;
  Direction direction;  // what is better
  std::string help;
};

const std::vector<Metric>& training_metrics();

inline constexpr const char* default_metric = "validation_loss";

// Which way a metric of that name is better, where the field leaves no doubt: val_loss,
// test/accuracy, rmse. The last word counts; nothing where a word says that the sign was turned
// (neg_loss).
std::optional<Direction> usual_direction(const std::string& metric);

// Throws Error{input} that begins with `where` and suggests the nearest name.
const Metric& find_metric(const std::string& name, const std::string& where);

}  // namespace caviar

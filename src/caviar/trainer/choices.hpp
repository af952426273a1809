// What there is to choose from among losses, optimizers, schedules, activations and initializers,
// for people: a line each.
#pragma once

#include <string>
#include <vector>

namespace caviar {

struct TrainerChoice {
  std::string name;
  std::string summary;  // what it computes; in the words of docs/training.md
  // Those that have an effect with it and not with every other one, with their usual values:
  // "momentum=0.9". For optimizers the usual learning_rate too.
  std::vector<std::string> hyperparameters = {};
};

std::vector<TrainerChoice> list_losses();
std::vector<TrainerChoice> list_optimizers();
std::vector<TrainerChoice> list_schedules();  // with rate_table and rate_formula, keys of their own
std::vector<TrainerChoice> list_activations();
std::vector<TrainerChoice> list_initializers();

}  // namespace caviar

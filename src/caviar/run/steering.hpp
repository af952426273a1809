// What may be changed in a training that runs, and what may not and why.
#pragma once

#include <string>
#include <vector>

#include "caviar/run/moment.hpp"
#include "caviar/space/point.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

struct Change {
  std::string name;
  std::string from, to;  // as a person writes them
  bool waits = false;    // until the next epoch begins
};

// Sets hyperparameters, patience (a number of epochs, or false) and min_delta. Throws Error{input}
// and leaves the spec as it is: an unknown name, a value without sense, or something that cannot
// change while the training runs, with the reason.
std::vector<Change> steer(TrainSpec& spec, const Point& changes);

// Throws Error{input} where `changes` leave fewer epochs than have begun by then.
void check_epochs_to_come(const Point& changes, const RunMoment& at);

// What steer() may name, as a number now. Throws Error{input} where it is none.
double number_now(const TrainSpec& spec, const std::string& name);

// "learning_rate 0.01 → 0.003, dropout 0 → 0.2"
std::string to_text(const std::vector<Change>& changes);

}  // namespace caviar

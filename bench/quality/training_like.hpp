// A loss that behaves as those of trainings do, in closed form: a best rate that depends on the
// optimizer and on momentum, and divergence beyond it that costs more than learning too slowly.
#pragma once

#include "problem.hpp"

namespace caviar::quality {

Space training_like_space();

struct TrainingLike {
  double log_rate, memory, log_units, layers;  // memory: −log10(1 − momentum)
  std::string optimizer;
};
TrainingLike training_like_at(const Point& point);  // of that space

double training_like_loss(const TrainingLike& at);  // minimum 0
double training_like(const Point& point);           // the same
double best_log_rate(const TrainingLike& at);

}  // namespace caviar::quality

// The trainings of the family of that name, as text: a new one is a row here.
#pragma once

#include <span>

namespace caviar::quality {

struct TrainingTask {
  const char* name;
  const char* spec;   // as in a study file; data is a file of data/
  const char* space;  // likewise
  const char* metric;
  double best;  // the lowest loss known
  bool held_out = false;
};

std::span<const TrainingTask> training_tasks();

}  // namespace caviar::quality

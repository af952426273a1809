// A training that has ended as the content of its page.
#pragma once

#include "caviar/cli/train_view.hpp"
#include "caviar/report/training_page.hpp"
#include "caviar/space/point.hpp"

namespace caviar::cli {

TrainingPage page_of(const FinishedTraining& training, const Point& hyperparameters);

}  // namespace caviar::cli

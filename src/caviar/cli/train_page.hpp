// A training that has ended as the content of its page.
#pragma once

#include <vector>

#include "caviar/cli/train_view.hpp"
#include "caviar/report/training_page.hpp"
#include "caviar/space/point.hpp"

namespace caviar::cli {

// Loss and, of classes, accuracy over the epochs.
std::vector<PagePicture> epoch_pictures(const std::vector<EpochStats>& epochs);

// The loss of a range test over its rates.
PagePicture rates_picture(const RateCurve& curve, const std::string& lead);

TrainingPage page_of(const FinishedTraining& training, const Point& hyperparameters);

}  // namespace caviar::cli

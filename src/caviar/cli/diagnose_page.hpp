// A diagnosis as the content of its page.
#pragma once

#include "caviar/report/training_page.hpp"
#include "caviar/trainer/diagnosis.hpp"

namespace caviar::cli {

TrainingPage page_of(const Diagnosis& diagnosis, const PreparedData& data);

}  // namespace caviar::cli

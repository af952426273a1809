// Classes that a split leaves out of a part.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/trainer/prepared_data.hpp"

namespace caviar {

// A sentence for each class of which no row trains, so that the network cannot learn it; and, with
// the folds that the data is also divided into, for each class that is missing from the training or
// the validation part of some. At most ten sentences. Empty for other tasks than classification.
std::vector<std::string> classes_left_out(const PreparedData& data,
                                          std::span<const PreparedData> folds = {});

}  // namespace caviar

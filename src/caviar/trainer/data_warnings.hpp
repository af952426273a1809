// What a person should know of the data before they are trained on, though nothing is wrong with
// them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/trainer/prepared_data.hpp"

namespace caviar {

// A sentence for each column that may be meant otherwise than it was read: free text, from which
// nothing is learnt though nobody asked for that, and categories that look like numbers or dates.
std::vector<std::string> columns_misread(const PreparedData& data);

// A sentence for each class of which no row trains, so that the network cannot learn it; and, with
// the folds that the data is also divided into, for each class that is missing from the training or
// the validation part of some. At most ten sentences. Empty for other tasks than classification.
std::vector<std::string> classes_left_out(const PreparedData& data,
                                          std::span<const PreparedData> folds = {});

// All of them.
std::vector<std::string> data_warnings(const PreparedData& data,
                                       std::span<const PreparedData> folds = {});

}  // namespace caviar

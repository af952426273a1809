// Inverted dropout (Srivastava et al., 2014): while training each unit is kept with probability
// 1 − p and then multiplied by 1 / (1 − p); otherwise nothing happens.
#pragma once

#include <optional>

#include "caviar/nn/layer.hpp"

namespace caviar {

// p is `rate`, 0 ≤ rate < 1; none: Knobs::dropout.
template <class T>
LayerPtr<T> dropout(std::optional<double> rate = {});

}  // namespace caviar

// Inverted dropout (Srivastava et al., 2014): while training each unit is kept with probability
// 1 − p and then multiplied by 1 / (1 − p); otherwise nothing happens. p is Knobs::dropout.
#pragma once

#include "caviar/nn/layer.hpp"

namespace caviar {

template <class T>
LayerPtr<T> dropout();

}  // namespace caviar

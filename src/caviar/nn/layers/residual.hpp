// A block with a way around it: y = layers(x) + x, or + x · W where the widths differ, W learnt
// (He et al., 2016, equations 1 and 2).
#pragma once

#include <vector>

#include "caviar/nn/layer.hpp"

namespace caviar {

// At least one layer; `inputs` is the width of x.
template <class T>
LayerPtr<T> residual(std::size_t inputs, const std::vector<LayerPtr<T>>& layers);

}  // namespace caviar

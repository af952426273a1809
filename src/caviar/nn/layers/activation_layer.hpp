// An activation on its own, for after a normalisation or a sum: y = f(x).
#pragma once

#include "caviar/nn/activation.hpp"
#include "caviar/nn/layer.hpp"

namespace caviar {

template <class T>
LayerPtr<T> activation_layer(Activation activation);

}  // namespace caviar

// A fully connected layer with its activation: y = f(x · W + b), W in × out, row-major.
#pragma once

#include "caviar/nn/activation.hpp"
#include "caviar/nn/initializer.hpp"
#include "caviar/nn/layer.hpp"

namespace caviar {

template <class T>
LayerPtr<T> dense(std::size_t units, Activation activation, Initializer initializer,
                  bool bias = true);

// The same with the initialiser that suits the activation.
template <class T>
LayerPtr<T> dense(std::size_t units, Activation activation) {
  return dense<T>(units, activation, usual_initializer(activation));
}

}  // namespace caviar

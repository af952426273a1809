// Batch normalisation (Ioffe and Szegedy, 2015): x̂ = (x − μ) / √(σ² + ε), y = scale · x̂ + shift,
// column by column.
//
// In training μ and σ² are those of the batch (σ² divided by n); the running averages move by
// running = momentum · running + (1 − momentum) · batch, with the variance divided by n − 1 there,
// so a batch of one row leaves them alone. At test time, and in a frozen layer, they stand in for
// the batch's.
#pragma once

#include "caviar/nn/layer.hpp"

namespace caviar {

template <class T>
LayerPtr<T> batch_norm(double momentum = 0.9, double epsilon = 1e-5);

}  // namespace caviar

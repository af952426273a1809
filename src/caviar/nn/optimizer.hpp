// The optimisers, each one fused pass over one flat span of weights.
//
// g is the gradient, with `weight_decay` · w and `l1` · sign(w) added to it (adamw: see there); t
// is the step, counted from 1; all slots start at 0; epsilon is added to the root, not inside it.
//   sgd       w −= lr g
//   momentum  v = μ v + g; w −= lr v                 (the current rate multiplies the velocity)
//   nesterov  v = μ v + g; w −= lr (g + μ v)
//   rmsprop   s = ρ s + (1 − ρ) g²; w −= lr g / (√s + ε)
//   adam      m = β1 m + (1 − β1) g; s = β2 s + (1 − β2) g²; w −= lr m̂ / (√ŝ + ε), with
//             m̂ = m / (1 − β1^t), ŝ = s / (1 − β2^t)   (Kingma and Ba, 2015, algorithm 1)
//   adamw     w *= 1 − lr · weight_decay, then adam without decay in g (Loshchilov and Hutter,
//   2019)
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "caviar/nn/tensor.hpp"

namespace caviar {

enum class Optimizer { sgd, momentum, nesterov, rmsprop, adam, adamw };

std::span<const std::string> optimizer_names();  // in the order of the enum
std::string name_of(Optimizer optimizer);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Optimizer parse_optimizer(const std::string& name, const std::string& where);

// How many numbers a weight the optimiser keeps: 0, 1 or 2.
int slot_count(Optimizer optimizer);

// The hyperparameters that may change while a training runs. A training reads them once an
// iteration from here and from nowhere else.
struct Knobs {
  double learning_rate = 1e-3;
  double momentum = 0.9;
  double beta1 = 0.9, beta2 = 0.999;
  double rho = 0.9;  // RMSprop's memory
  double epsilon = 1e-8;
  double weight_decay = 0, l1 = 0;     // on weights
  double bias_decay = 0, bias_l1 = 0;  // on biases, and on scale and shift of normalisations
  double dropout = 0;                  // the share of units switched off, 0 ≤ dropout < 1
};

// One pass, with everything that does not depend on the weight worked out beforehand.
template <class T>
struct Update {
  Optimizer optimizer = Optimizer::sgd;
  T rate = 0;    // what the step direction is multiplied by, bias corrections included
  T first = 0;   // μ or β1
  T second = 0;  // ρ or β2
  T first_rest = 1, second_rest = 1;  // 1 − first, 1 − second, before rounding to T
  T epsilon = 0;                      // bias correction included
  T decay = 0;                        // added to the gradient, times w
  T l1 = 0;                           // added to the gradient, times the sign of w
  T shrink = 1;                       // w is multiplied by it first
};

// The pass for step `count` (from 1) over weights of one kind.
template <class T>
Update<T> update_for(Optimizer optimizer, const Knobs& knobs, std::int64_t count, TensorKind kind);

}  // namespace caviar

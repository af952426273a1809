// The optimisers, each one fused pass over one flat span of weights.
//
// g is the gradient, with `weight_decay` · w and `l1` · sign(w) added to it (adamw: see there); t
// is the step, counted from 1; all slots start at 0; epsilon is added to the root, not inside it.
//   sgd       w −= lr g
//   momentum  v = μ v + g; w −= lr v                 (the current rate multiplies the velocity)
//   nesterov  v = μ v + g; w −= lr (g + μ v)
//   rmsprop   s = ρ s + (1 − ρ) g²; w −= lr g / (√s + ε)
//   adagrad   s = s + g²; w −= lr g / (√s + ε)       (Duchi et al., 2011)
//   adam      m = β1 m + (1 − β1) g; s = β2 s + (1 − β2) g²; w −= lr m̂ / (√ŝ + ε), with
//             m̂ = m / (1 − β1^t), ŝ = s / (1 − β2^t)   (Kingma and Ba, 2015, algorithm 1)
//   amsgrad   adam with the largest s so far in place of s (Reddi et al., 2018)
//   adamw     w *= 1 − lr · weight_decay, then adam without decay in g (Loshchilov and Hutter,
//             2019)
//   nadam     adam with m̂ = μ' m / (1 − Π μ') + (1 − μ) g / (1 − Π μ), where μ is
//             β1 (1 − ½ 0.96^(t ψ)), μ' that of the next step, Π μ the product of all up to this
//             step and Π μ' up to the next (Dozat, 2016; ψ is `momentum_decay`)
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "caviar/nn/tensor.hpp"

namespace caviar {

enum class Optimizer { sgd, momentum, nesterov, rmsprop, adagrad, adam, amsgrad, adamw, nadam };

std::span<const std::string> optimizer_names();  // in the order of the enum
std::string name_of(Optimizer optimizer);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Optimizer parse_optimizer(const std::string& name, const std::string& where);

// How many numbers a weight the optimiser keeps: 0 to 3.
int slot_count(Optimizer optimizer);

// The hyperparameters that may change while a training runs. A training reads them once an
// iteration from here and from nowhere else.
struct Knobs {
  double learning_rate = 1e-3;
  double momentum = 0.9;
  double beta1 = 0.9, beta2 = 0.999;
  double rho = 0.9;  // RMSprop's memory
  double epsilon = 1e-8;
  double momentum_decay = 0.004;       // NAdam's ψ: how slowly its momentum grows to β1
  double weight_decay = 0, l1 = 0;     // on weights
  double bias_decay = 0, bias_l1 = 0;  // on biases, and on scale and shift of normalisations
  double dropout = 0;                  // the share of units switched off, 0 ≤ dropout < 1
  // Each of these is off at 0.
  double clip_value = 0;   // each number of the gradient is held to ± so much, then
  double clip_norm = 0;    // the whole gradient is shortened to this length
  double max_norm = 0;     // the weights into each dense unit are shortened to this length
  double input_noise = 0;  // standard deviation of what is added to the inputs
  double mixup = 0;        // α of Beta(α, α), from which the share of a second sample is drawn
};

// One pass, with everything that does not depend on the weight worked out beforehand.
template <class T>
struct Update {
  Optimizer optimizer = Optimizer::sgd;
  T rate = 0;    // what the step direction is multiplied by, bias corrections included
  T first = 0;   // μ or β1
  T second = 0;  // ρ or β2
  T first_rest = 1, second_rest = 1;  // 1 − first, 1 − second, before rounding to T
  T gradient_rate = 0;                // nadam: what the gradient itself is multiplied by
  T epsilon = 0;                      // bias correction included
  T decay = 0;                        // added to the gradient, times w
  T l1 = 0;                           // added to the gradient, times the sign of w
  T shrink = 1;                       // w is multiplied by it first
};

// What an optimiser remembers besides its slots.
struct StepCount {
  std::int64_t count = 0;       // steps begun
  double momentum_product = 1;  // nadam: Π μ

  void advance(const Knobs& knobs);  // before each step
};

// The pass of the step that `steps` has begun, over weights of one kind.
template <class T>
Update<T> update_for(Optimizer optimizer, const Knobs& knobs, const StepCount& steps,
                     TensorKind kind);

}  // namespace caviar

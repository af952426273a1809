// How weights are drawn before training; biases start at 0.
//
//   glorot_uniform  U(−L, L), L = √(6 / (in + out))     glorot_normal  N(0, 2 / (in + out))
//   he_uniform      U(−L, L), L = √(6 / in)             he_normal      N(0, 2 / in), not truncated
//   lecun_uniform   U(−L, L), L = √(3 / in)             lecun_normal   N(0, 1 / in), not truncated
//   orthogonal      rows or columns, whichever are fewer, of length 1 and at right angles
//   zeros
// (Glorot and Bengio, 2010, equation 16; He et al., 2015, equation 10; LeCun et al., 1998, §4.6;
// Saxe et al., 2014.)
#pragma once

#include <span>
#include <string>

#include "caviar/base/rng.hpp"
#include "caviar/nn/activation.hpp"

namespace caviar {

enum class Initializer {
  glorot_uniform,
  glorot_normal,
  he_uniform,
  he_normal,
  lecun_uniform,
  lecun_normal,
  orthogonal,
  zeros
};

std::span<const std::string> initializer_names();  // in the order of the enum
std::string name_of(Initializer initializer);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Initializer parse_initializer(const std::string& name, const std::string& where);

// What suits a layer with this activation: He normal for ReLU and what is like it, LeCun normal for
// SELU, Glorot uniform for the others.
Initializer usual_initializer(Activation activation);

// weights: fan_in × fan_out, row-major.
template <class T>
void initialize(Initializer initializer, std::size_t fan_in, std::size_t fan_out,
                std::span<T> weights, Rng& rng);

}  // namespace caviar

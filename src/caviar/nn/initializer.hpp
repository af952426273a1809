// How weights are drawn before training; biases start at 0.
//
//   glorot_uniform  U(−L, L), L = √(6 / (in + out))     glorot_normal  N(0, 2 / (in + out))
//   he_uniform      U(−L, L), L = √(6 / in)             he_normal      N(0, 2 / in), not truncated
// (Glorot and Bengio, 2010, equation 16; He et al., 2015, equation 10.)
#pragma once

#include <span>
#include <string>

#include "caviar/base/rng.hpp"
#include "caviar/nn/activation.hpp"

namespace caviar {

enum class Initializer { glorot_uniform, glorot_normal, he_uniform, he_normal };

std::span<const std::string> initializer_names();  // in the order of the enum
std::string name_of(Initializer initializer);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Initializer parse_initializer(const std::string& name, const std::string& where);

// What suits a layer with this activation: He normal for ReLU, Glorot uniform otherwise.
Initializer usual_initializer(Activation activation);

template <class T>
void initialize(Initializer initializer, std::size_t fan_in, std::size_t fan_out,
                std::span<T> weights, Rng& rng);

}  // namespace caviar

// What a unit does with its weighted sum z. Most derivatives are written through the output y, so
// the backward pass needs to keep no z.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace caviar {

enum class Activation {
  linear,      // z
  relu,        // max(0, z), derivative 0 at 0
  leaky_relu,  // z where z > 0, else 0.01 z
  elu,         // z where z > 0, else e^z − 1 (Clevert et al., 2016, α = 1)
  selu,        // 1.0507 times (z where z > 0, else 1.6733 (e^z − 1)) (Klambauer et al., 2017)
  gelu,        // z Φ(z), Φ the normal distribution function (Hendrycks and Gimpel, 2016)
  silu,        // z / (1 + e^−z), also called swish
  tanh,
  sigmoid,   // 1 / (1 + e^−z)
  softplus,  // log(1 + e^z)
};
inline constexpr std::size_t activation_count = 10;

inline constexpr double leaky_slope = 0.01;
inline constexpr double selu_scale = 1.0507009873554805, selu_alpha = 1.6732632423543772;

// Whether the derivative cannot be told from y: it falls and rises again, so z is kept instead.
constexpr bool needs_sum(Activation activation) {
  return activation == Activation::gelu || activation == Activation::silu;
}

std::span<const std::string> activation_names();  // in the order of the enum
std::string name_of(Activation activation);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Activation parse_activation(const std::string& name, const std::string& where);

}  // namespace caviar

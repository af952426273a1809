// What a unit does with its weighted sum z. Every derivative is written through the output y, so
// the backward pass needs to keep no z.
#pragma once

#include <span>
#include <string>

namespace caviar {

enum class Activation {
  linear,   // y = z
  relu,     // y = max(0, z), derivative 0 at 0
  tanh,     // y = tanh z, derivative 1 − y²
  sigmoid,  // y = 1 / (1 + e^−z), derivative y (1 − y)
};

std::span<const std::string> activation_names();  // in the order of the enum
std::string name_of(Activation activation);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Activation parse_activation(const std::string& name, const std::string& where);

}  // namespace caviar

#include "caviar/nn/activation.hpp"

#include <array>

#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, activation_count> names = {
    "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softplus"};

}  // namespace

std::span<const std::string> activation_names() { return names; }

std::string name_of(Activation activation) { return names[static_cast<std::size_t>(activation)]; }

Activation parse_activation(const std::string& name, const std::string& where) {
  return static_cast<Activation>(index_of_name(names, name, where, "an activation"));
}

}  // namespace caviar

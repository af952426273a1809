#include "caviar/nn/activation.hpp"

#include <array>

#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, 4> names = {"linear", "relu", "tanh", "sigmoid"};

}  // namespace

std::span<const std::string> activation_names() { return names; }

std::string name_of(Activation activation) { return names[static_cast<std::size_t>(activation)]; }

Activation parse_activation(const std::string& name, const std::string& where) {
  return static_cast<Activation>(index_of_name(names, name, where, "an activation"));
}

}  // namespace caviar

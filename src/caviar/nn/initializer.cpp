#include "caviar/nn/initializer.hpp"

#include <array>
#include <cmath>

#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, 4> names = {"glorot_uniform", "glorot_normal", "he_uniform",
                                          "he_normal"};

}  // namespace

std::span<const std::string> initializer_names() { return names; }

std::string name_of(Initializer initializer) {
  return names[static_cast<std::size_t>(initializer)];
}

Initializer parse_initializer(const std::string& name, const std::string& where) {
  return static_cast<Initializer>(index_of_name(names, name, where, "an initializer"));
}

Initializer usual_initializer(Activation activation) {
  return activation == Activation::relu ? Initializer::he_normal : Initializer::glorot_uniform;
}

template <class T>
void initialize(Initializer initializer, std::size_t fan_in, std::size_t fan_out,
                std::span<T> weights, Rng& rng) {
  const bool he = initializer == Initializer::he_uniform || initializer == Initializer::he_normal;
  const bool uniform =
      initializer == Initializer::glorot_uniform || initializer == Initializer::he_uniform;
  const auto fan = static_cast<double>(he ? fan_in : fan_in + fan_out);
  const double deviation = std::sqrt(2 / fan);
  const double limit = std::sqrt(6 / fan);
  for (T& w : weights) {
    w = static_cast<T>(uniform ? rng.uniform(-limit, limit) : deviation * rng.normal());
  }
}

template void initialize(Initializer, std::size_t, std::size_t, std::span<float>, Rng&);
template void initialize(Initializer, std::size_t, std::size_t, std::span<double>, Rng&);

}  // namespace caviar

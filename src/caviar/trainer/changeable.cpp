#include "caviar/trainer/changeable.hpp"

#include <map>

namespace caviar {
namespace {

constexpr const char* built = "the network is built already and its weights have this form";
constexpr const char* measured =
    "the loss would be another one, and epochs before and after could not be compared";

// Hyperparameters that stay as they are, and why.
const std::map<std::string, std::string>& fixed_ones() {
  static const std::map<std::string, std::string> reasons = {
      {"hidden_units", built},
      {"layers", built},
      {"activation", built},
      {"batch_norm", built},
      {"residual", built},
      {"embedding_width", built},
      {"initializer", "the first weights are drawn already"},
      {"weight_average", "averages are kept from the first step on"},
      {"optimizer", "what one optimizer remembers of its steps means nothing to another"},
      {"loss", measured},
      {"label_smoothing", measured},
      {"class_weights", measured},
      {"huber_delta", measured},
      {"quantile", measured}};
  return reasons;
}

}  // namespace

const std::string* why_unchangeable(const std::string& hyperparameter) {
  const auto found = fixed_ones().find(hyperparameter);
  return found == fixed_ones().end() ? nullptr : &found->second;
}

}  // namespace caviar

// The settings of a reference run of an optimiser as caviar's own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "caviar/nn/optimizer.hpp"

namespace caviar::test {

// `name` as in the reference files: "sgd_l2" is sgd with weight decay.
inline std::pair<Optimizer, Knobs> settings_of(const std::string& name,
                                               const nlohmann::json& settings) {
  Knobs knobs;
  knobs.learning_rate = settings["lr"];
  knobs.momentum = settings.value("momentum", knobs.momentum);
  knobs.beta1 = settings.value("beta1", knobs.beta1);
  knobs.beta2 = settings.value("beta2", knobs.beta2);
  knobs.rho = settings.value("decay", knobs.rho);
  knobs.epsilon = settings.value("eps", knobs.epsilon);
  knobs.weight_decay = settings.value("weight_decay", 0.0);
  knobs.momentum_decay = settings.value("momentum_decay", knobs.momentum_decay);
  return {parse_optimizer(name.substr(0, name.find('_')), "reference"), knobs};
}

// All of them pulled by the penalties.
inline std::vector<Segment> all_weights(std::size_t count) {
  return {{0, count, TensorKind::weight}};
}

}  // namespace caviar::test

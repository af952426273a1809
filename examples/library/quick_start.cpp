#include <cmath>
#include <cstdio>

#include <caviar/caviar.hpp>

double objective(caviar::ActiveTrial& trial) {
  const double rate = trial.suggest_float("learning_rate", 1e-5, 0.1, caviar::Scale::log);
  const auto layers = trial.suggest_int("layers", 1, 5);
  return std::pow(std::log10(rate) + 3, 2) + 0.1 * std::abs(double(layers) - 3);
}

int main() {
  caviar::Study study({.name = "quick start"});
  study.optimize(objective, {.trials = 40});
  std::printf("%s\n", to_text(study.best()->point).c_str());
}

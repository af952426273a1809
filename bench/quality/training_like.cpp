#include "training_like.hpp"

#include <cmath>

namespace caviar::quality {

Space training_like_space() {
  return Space({{"learning_rate", Float{1e-5, 10, Scale::log}, {}, 1},
                {"momentum", Float{0.5, 0.999, Scale::reverse_log}, {}, 2},
                {"units", Int{8, 512, Scale::log}, {}, 2},
                {"optimizer", choice_of({"sgd", "adam", "rmsprop"})},
                {"layers", Int{1, 5}, {}, 3}});
}

double best_log_rate(const TrainingLike& at) {
  if (at.optimizer == "adam") return -2.8;
  if (at.optimizer == "rmsprop") return -3.2;
  return -0.7 - 0.4 * at.memory;  // sgd: long memory wants small steps
}

double training_like_loss(const TrainingLike& at) {
  const double off = at.log_rate - best_log_rate(at);
  const double rate = 0.08 * off * off * (off > 0 ? 2 : 1);
  const double memory = at.memory - 1.2, units = at.log_units - 7, layers = at.layers - 3;
  return (at.optimizer == "adam" ? 0 : 0.06) + rate + 0.03 * memory * memory +
         0.01 * units * units + 0.015 * layers * layers;
}

TrainingLike training_like_at(const Point& point) {
  return {.log_rate = std::log10(number(point, "learning_rate")),
          .memory = -std::log10(1 - number(point, "momentum")),
          .log_units = std::log2(number(point, "units")),
          .layers = number(point, "layers"),
          .optimizer = text(point, "optimizer")};
}

double training_like(const Point& point) { return training_like_loss(training_like_at(point)); }

}  // namespace caviar::quality

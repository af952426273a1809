#include "caviar/nn/schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, 6> names = {"constant", "inverse_time", "exponential",
                                          "step",     "cosine",       "constant_then_exponential"};

double cosine(const Schedule& schedule, double lr, double epoch, double total) {
  if (epoch < schedule.warm) return lr * (epoch + 1) / schedule.warm;
  const double span = total - schedule.warm;
  const double share = span > 0 ? std::min(1.0, (epoch - schedule.warm) / span) : 1.0;
  return schedule.minimum +
         0.5 * (lr - schedule.minimum) * (1 + std::cos(std::numbers::pi * share));
}

}  // namespace

std::span<const std::string> decay_names() { return names; }

std::string name_of(Decay decay) { return names[static_cast<std::size_t>(decay)]; }

Decay parse_decay(const std::string& name, const std::string& where) {
  return static_cast<Decay>(index_of_name(names, name, where, "a schedule"));
}

double rate_at(const Schedule& schedule, double lr, double epoch, double total) {
  switch (schedule.decay) {
    case Decay::constant:
      break;
    case Decay::inverse_time:
      return lr / (1 + schedule.rate * epoch);
    case Decay::exponential:
      return lr * std::exp(-schedule.rate * epoch);
    case Decay::step:
      return lr * std::pow(schedule.drop, std::floor(epoch / schedule.every));
    case Decay::cosine:
      return cosine(schedule, lr, epoch, total);
    case Decay::constant_then_exponential:
      return lr * std::exp(schedule.rate * std::min(0.0, schedule.hold - epoch));
  }
  return lr;
}

}  // namespace caviar

// How the learning rate falls (or rises) over the epochs: pure functions of the epoch, from 0.
#pragma once

#include <span>
#include <string>

namespace caviar {

enum class Decay {
  constant,      // lr
  inverse_time,  // lr / (1 + decay · e)
  exponential,   // lr · exp(−decay · e)
  step,          // lr · drop^⌊e / every⌋
  cosine,        // linear warm-up over `warm` epochs, then half a cosine down to `minimum`
  constant_then_exponential,  // lr up to epoch `hold`, then lr · exp(decay · (hold − e))
};

struct Schedule {
  Decay decay = Decay::constant;
  double rate = 0;     // inverse_time, exponential, constant_then_exponential
  double hold = 10;    // constant_then_exponential
  double drop = 0.1;   // step
  double every = 10;   // step
  double warm = 0;     // cosine: epochs of warm-up; epoch e < warm has lr · (e + 1) / warm
  double minimum = 0;  // cosine: the rate at its end
};

std::span<const std::string> decay_names();  // in the order of the enum
std::string name_of(Decay decay);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Decay parse_decay(const std::string& name, const std::string& where);

// The learning rate of epoch `epoch` (from 0, a fraction for the middle of one) out of `total`.
double rate_at(const Schedule& schedule, double learning_rate, double epoch, double total);

}  // namespace caviar

// How the learning rate falls (or rises) over the epochs: pure functions of the epoch, from 0; only
// `plateau` looks at what the training does, and only `one_cycle` moves the momentum as well.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caviar/nn/formula.hpp"

namespace caviar {

enum class Decay {
  constant,      // lr
  inverse_time,  // lr / (1 + rate · e)
  exponential,   // lr · exp(−rate · e)
  step,          // lr · drop^⌊e / every⌋
  cosine,        // half a cosine down to `minimum`, once or again every `period` epochs
  constant_then_exponential,  // lr up to epoch `hold`, then lr · exp(rate · (hold − e))
  polynomial,                 // minimum + (lr − minimum) · (1 − e / total)^power
  one_cycle,  // up from lr / start to lr and down to lr / (start · finish), both by cosines, the
              // momentum the other way round (Smith, 2018, §4.3)
  plateau,    // lr · drop once more after every `patience` epochs without gain
  table,      // the user's rates, each from its epoch on
  formula,    // the user's formula
};

struct TableEntry {
  double epoch = 0;  // from 0, rising
  double rate = 0;   // itself, not a multiple of lr
  bool operator==(const TableEntry&) const = default;
};

struct Schedule {
  Decay decay = Decay::constant;
  double rate = 0;    // inverse_time, exponential, constant_then_exponential
  double hold = 10;   // constant_then_exponential
  double drop = 0.1;  // step, plateau
  double every = 10;  // step
  double warm = 0;    // epochs of warm-up; epoch e < warm has lr · (e + 1) / warm, and the schedule
                      // begins behind them; not with one_cycle, table and formula
  double minimum = 0;  // cosine, polynomial: the rate at the end; plateau: none below it
  double power = 1;    // polynomial
  double period =
      0;  // cosine: epochs up to the first restart (Loshchilov and Hutter, 2017); 0: none
  double stretch = 1;  // cosine: every period is so many times as long as the one before, ≥ 1
  double rise = 0.3;   // one_cycle: the share of the epochs in which the rate rises
  double start = 25, finish = 1e4;  // one_cycle
  double low_momentum = 0.85;       // one_cycle: momentum, or β1, where the rate is highest
  int patience = 10;                // plateau
  double threshold = 0;             // plateau: a smaller gain counts as none
  std::vector<TableEntry> table = {};
  std::optional<Formula> formula = {};
  bool per_iteration = false;  // in every iteration, not only with every epoch
};

std::span<const std::string> decay_names();  // in the order of the enum
std::string name_of(Decay decay);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Decay parse_decay(const std::string& name, const std::string& where);

// Throws Error{input} unless the numbers that the schedule uses make sense.
void check_schedule(const Schedule& schedule, const std::string& where);

// The learning rate of epoch `epoch` (from 0, a fraction for the middle of one) out of `total`.
// `unit` is what one step of the schedule covers: 1 epoch, or that share of one that an iteration
// is. With plateau: as long as there was always gain.
double rate_at(const Schedule& schedule, double learning_rate, double epoch, double total,
               double unit = 1);

// The momentum, or β1, at that time: with one_cycle down from `momentum` to `low_momentum` (where
// that is less) while the rate rises, and up again while it falls; else `momentum` itself.
double momentum_at(const Schedule& schedule, double momentum, double epoch, double total);

// What plateau has seen.
struct Plateau {
  double best = std::numeric_limits<double>::infinity();
  int without_gain = 0;
  double factor = 1;  // what the rate is multiplied by

  // After every epoch, with the value that should fall.
  void see(const Schedule& schedule, double value);
};

}  // namespace caviar

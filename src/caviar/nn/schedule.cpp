#include "caviar/nn/schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, 11> names = {
    "constant",   "inverse_time", "exponential", "step",  "cosine", "constant_then_exponential",
    "polynomial", "one_cycle",    "plateau",     "table", "formula"};

// From `from` at share 0 to `to` at share 1.
double half_cosine(double from, double to, double share) {
  return to + 0.5 * (from - to) * (1 + std::cos(std::numbers::pi * std::min(1.0, share)));
}

double cosine(const Schedule& schedule, double lr, double epoch, double total) {
  double length = total;
  if (schedule.period > 0) {
    length = schedule.period;
    if (schedule.stretch == 1) {
      epoch = std::fmod(epoch, length);
    } else {
      while (epoch >= length) {
        epoch -= length;
        length *= schedule.stretch;
      }
    }
  }
  return half_cosine(lr, schedule.minimum, length > 0 ? epoch / length : 1);
}

// From `first` to `top` while the rate rises, and to `last` while it falls.
double cycled(const Schedule& schedule, double first, double top, double last, double epoch,
              double total) {
  const double peak = schedule.rise * total;
  if (epoch < peak) return half_cosine(first, top, epoch / peak);
  const double left = total - peak;
  return half_cosine(top, last, left > 0 ? (epoch - peak) / left : 1);
}

double one_cycle(const Schedule& schedule, double lr, double epoch, double total) {
  const double first = lr / schedule.start;
  return cycled(schedule, first, lr, first / schedule.finish, epoch, total);
}

double looked_up(const std::vector<TableEntry>& table, double lr, double epoch) {
  for (const TableEntry& entry : table) {
    if (entry.epoch > epoch) break;
    lr = entry.rate;
  }
  return lr;
}

bool knows_all_epochs(Decay decay) {
  return decay == Decay::one_cycle || decay == Decay::table || decay == Decay::formula;
}

// One rule: the schedule that uses the number, the number, and what it has to be.
struct Rule {
  bool used;
  const char* name;
  double value;
  bool makes_sense;
  const char* expected;
};

void check_table(const Schedule& schedule, const std::string& where) {
  if (schedule.table.empty()) {
    throw Error(Fault::input, where + ".table: no entry was given, at least one was expected");
  }
  for (std::size_t i = 0; i < schedule.table.size(); ++i) {
    const auto [epoch, rate] = schedule.table[i];
    const std::string at = fmt::format("{}.table[{}]", where, i);
    const double before = i == 0 ? -1 : schedule.table[i - 1].epoch;
    if (!(epoch >= 0 && epoch > before)) {
      throw Error(Fault::input, fmt::format("{}: epoch {} was given, epochs from 0 in rising order "
                                            "were expected",
                                            at, number_text(epoch)));
    }
    if (!(rate >= 0 && std::isfinite(rate))) {
      throw Error(Fault::input, fmt::format("{}: rate {} was given, a number from 0 was expected",
                                            at, number_text(rate)));
    }
  }
}

}  // namespace

std::span<const std::string> decay_names() { return names; }

std::string name_of(Decay decay) { return names[static_cast<std::size_t>(decay)]; }

Decay parse_decay(const std::string& name, const std::string& where) {
  return static_cast<Decay>(index_of_name(names, name, where, "a schedule"));
}

void check_schedule(const Schedule& s, const std::string& where) {
  const bool by_rate = s.decay == Decay::inverse_time || s.decay == Decay::exponential ||
                       s.decay == Decay::constant_then_exponential;
  const bool drops = s.decay == Decay::step || s.decay == Decay::plateau;
  const bool cycle = s.decay == Decay::one_cycle;
  const Rule rules[] = {
      {by_rate, "rate", s.rate, s.rate >= 0, "a number from 0"},
      {s.decay == Decay::constant_then_exponential, "hold", s.hold, s.hold >= 0, "a number from 0"},
      {drops, "drop", s.drop, s.drop > 0 && s.drop <= 1, "a number above 0, at most 1"},
      {s.decay == Decay::step, "every", s.every, s.every > 0, "a number above 0"},
      {true, "warm", s.warm, s.warm >= 0, "a number from 0"},
      {true, "minimum", s.minimum, s.minimum >= 0, "a number from 0"},
      {s.decay == Decay::polynomial, "power", s.power, s.power > 0, "a number above 0"},
      {s.decay == Decay::cosine, "period", s.period, s.period >= 0, "a number from 0"},
      {s.decay == Decay::cosine, "stretch", s.stretch, s.stretch >= 1, "a number from 1"},
      {cycle, "rise", s.rise, s.rise >= 0 && s.rise <= 1, "a number from 0 to 1"},
      {cycle, "start", s.start, s.start >= 1, "a number from 1"},
      {cycle, "finish", s.finish, s.finish >= 1, "a number from 1"},
      {cycle, "low_momentum", s.low_momentum, s.low_momentum >= 0, "a number from 0"},
      {s.decay == Decay::plateau, "threshold", s.threshold, s.threshold >= 0, "a number from 0"},
      {s.decay == Decay::plateau, "patience", double(s.patience), s.patience >= 1,
       "a whole number from 1"},
  };
  for (const Rule& rule : rules) {
    if (!rule.used || (rule.makes_sense && std::isfinite(rule.value))) continue;
    throw Error(Fault::input, fmt::format("{}.{}: {} was given, {} was expected", where, rule.name,
                                          number_text(rule.value), rule.expected));
  }
  if (s.decay == Decay::table) check_table(s, where);
  if (s.decay == Decay::formula && !s.formula) {
    throw Error(Fault::input, where + ".formula: none was given, one was expected");
  }
}

double rate_at(const Schedule& schedule, double lr, double epoch, double total, double unit) {
  if (!knows_all_epochs(schedule.decay)) {
    if (epoch < schedule.warm) return lr * std::min(1.0, (epoch + unit) / schedule.warm);
    epoch -= schedule.warm;
    total -= schedule.warm;
  }
  switch (schedule.decay) {
    case Decay::constant:
    case Decay::plateau:
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
    case Decay::polynomial: {
      const double left = total > 0 ? std::max(0.0, 1 - epoch / total) : 0;
      return schedule.minimum + (lr - schedule.minimum) * std::pow(left, schedule.power);
    }
    case Decay::one_cycle:
      return one_cycle(schedule, lr, epoch, total);
    case Decay::table:
      return looked_up(schedule.table, lr, epoch);
    case Decay::formula:
      return schedule.formula->at({epoch, total, lr});
  }
  return lr;
}

double momentum_at(const Schedule& schedule, double momentum, double epoch, double total) {
  if (schedule.decay != Decay::one_cycle || schedule.low_momentum >= momentum) return momentum;
  return cycled(schedule, momentum, schedule.low_momentum, momentum, epoch, total);
}

void Plateau::see(const Schedule& schedule, double value) {
  if (value < best - schedule.threshold) {
    best = value;
    without_gain = 0;
    return;
  }
  if (++without_gain < schedule.patience) return;
  without_gain = 0;
  factor *= schedule.drop;
}

}  // namespace caviar

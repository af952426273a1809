#include "caviar/trial/repeats.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

// A member of a population came to its parameters on a way of its own, and what a person changed is
// another configuration than it seems: the same point is not the same training again.
bool is_repeatable(const Trial& trial) {
  return !trial.note.contains(member_note) && !is_touched(trial);
}

}  // namespace

std::vector<Repeated> configurations(const History& history) {
  std::vector<Repeated> result;
  std::unordered_map<std::uint64_t, std::size_t> place;
  for (const Trial& trial : history.trials()) {
    if (!is_solution(history.goal(), trial)) continue;
    std::size_t at = result.size();
    if (is_repeatable(trial)) at = place.try_emplace(trial.point.fingerprint(), at).first->second;
    if (at == result.size()) result.emplace_back();
    Repeated& own = result[at];
    own.trials.push_back(trial.number);
    own.mean += (history.loss(trial) - own.mean) / static_cast<double>(own.trials.size());
  }
  return result;
}

std::optional<BestOfRepeats> best_of_repeats(const History& history) {
  if (history.goal().objectives() != 1) return std::nullopt;
  const std::vector<Repeated> all = configurations(history);
  double squares = 0, freedom = 0, centre = 0;
  for (const Repeated& one : all) {
    for (const int trial : one.trials) {
      squares +=
          std::pow(history.loss(history.trials()[static_cast<std::size_t>(trial)]) - one.mean, 2);
    }
    freedom += static_cast<double>(one.trials.size() - 1);
    centre += one.mean / static_cast<double>(all.size());
  }
  if (!(freedom > 0)) return std::nullopt;
  const double noise = squares / freedom;
  double between = 0;
  for (const Repeated& one : all) {
    between += (std::pow(one.mean - centre, 2) - noise / static_cast<double>(one.trials.size())) /
               static_cast<double>(std::max<std::size_t>(all.size() - 1, 1));
  }
  between = std::max(between, 1e-12 * (1 + noise));
  std::optional<BestOfRepeats> best;
  for (const Repeated& one : all) {
    const auto runs = static_cast<double>(one.trials.size());
    const double weight = between / (between + noise / runs);
    const double expected = centre + weight * (one.mean - centre);
    if (best && !(expected < best->expected)) continue;
    best = {one.trials.front(), one.trials.size(), one.mean, expected,
            std::sqrt(weight * noise / runs)};
  }
  best->mean = history.goal().value(best->mean);
  best->expected = history.goal().value(best->expected);
  return best;
}

}  // namespace caviar

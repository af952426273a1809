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

// What the runs tell of all configurations together: a one-way analysis of variance.
struct Spread {
  double noise = 0;            // variance of one run
  double centre = 0;           // of the configurations' means
  double between = 0;          // variance of what configurations come to without noise
  bool told_apart = true;      // it was more than chance makes of noise alone
  double centre_variance = 0;  // how far the centre may be off
};

// nullopt where nothing ran twice.
std::optional<Spread> spread_of(const History& history, const std::vector<Repeated>& all) {
  const auto count = static_cast<double>(all.size());
  Spread spread;
  double squares = 0, freedom = 0, of_means = 0;
  for (const Repeated& one : all) {
    for (const int trial : one.trials) {
      squares +=
          std::pow(history.loss(history.trials()[static_cast<std::size_t>(trial)]) - one.mean, 2);
    }
    freedom += static_cast<double>(one.trials.size() - 1);
    spread.centre += one.mean / count;
    of_means += 1 / (count * static_cast<double>(one.trials.size()));
  }
  if (!(freedom > 0)) return std::nullopt;
  spread.noise = squares / freedom;
  of_means *= spread.noise;
  const double others = std::max(count - 1, 1.0);
  for (const Repeated& one : all) {
    spread.between += (std::pow(one.mean - spread.centre, 2) -
                       spread.noise / static_cast<double>(one.trials.size())) /
                      others;
  }
  // The standard error of that estimate where configurations do not differ at all: as much may
  // have been missed.
  const double missed = of_means * std::sqrt(2 / others + 2 / freedom);
  spread.told_apart = spread.between > missed;
  spread.between = std::max(spread.between, missed);
  spread.centre_variance = (spread.between + of_means) / count;
  return spread;
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
  // Where every point is another one, nothing ran twice: known without looking at the trials.
  const std::size_t ran = history.trials().size() - history.count(TrialState::interrupted);
  if (history.distinct() == ran) return std::nullopt;
  const std::vector<Repeated> all = configurations(history);
  const std::optional<Spread> spread = spread_of(history, all);
  if (!spread) return std::nullopt;
  std::optional<BestOfRepeats> best;
  for (const Repeated& one : all) {
    const double noise = spread->noise / static_cast<double>(one.trials.size());
    const double weight = noise > 0 ? spread->between / (spread->between + noise) : 1;
    const double expected = spread->centre + weight * (one.mean - spread->centre);
    if (best && !(expected < best->expected)) continue;
    double variance = weight * noise + (1 - weight) * (1 - weight) * spread->centre_variance;
    if (!spread->told_apart) variance = std::max(variance, noise);
    best = {one.trials.front(), one.trials.size(), one.mean, expected, std::sqrt(variance)};
  }
  best->mean = history.goal().value(best->mean);
  best->expected = history.goal().value(best->expected);
  return best;
}

const Trial* recommended(const History& history) {
  const std::optional<Recommendation> found = recommendation(history);
  return found ? found->trial : nullptr;
}

std::optional<Recommendation> recommendation(const History& history) {
  if (const std::optional<BestOfRepeats> best = best_of_repeats(history)) {
    return Recommendation{
        &history.trials()[static_cast<std::size_t>(best->trial)], {best->mean}, best->runs};
  }
  const Trial* best = history.best();
  if (best == nullptr) return std::nullopt;
  return Recommendation{best, best->values, 1};
}

}  // namespace caviar

// Differential evolution: children step from a member of the population towards one of its best,
// and along the difference of two others, so that steps fit the shape of what is good (Storn and
// Price 1997). The scheme is JADE's current-to-pbest/1 with an archive; see de_population.hpp.
//
// Choices have no differences: a child takes that of the member towards which it steps, or that of
// another one, with the probability that it would step (in the way of the "DE for mixed variables"
// of Lampinen and Zelinka, 1999, and of DEHB, Awad et al. 2021).
#include <algorithm>
#include <cmath>
#include <memory>

#include "caviar/sampler/cells.hpp"
#include "caviar/sampler/de_population.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/spread_then.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr double best_share = 0.15;  // p: one of so many of the best is stepped towards

struct De {
  int population = 20;
  std::uint64_t seed = 0;
  std::shared_ptr<DePopulation> memory;  // saves time only
};

void fields(De& o, auto&& field) {
  field("population", o.population, "members; so many trials are spread evenly first", 5, 1e4);
}

void prepare(De& o, const Setup& setup) {
  o.seed = setup.seed;
  o.memory = std::make_shared<DePopulation>(static_cast<std::size_t>(o.population));
}

double or_anywhere(double coordinate, Rng& rng) {
  return std::isnan(coordinate) ? rng.uniform() : coordinate;
}

// What steps out of the range stops half way to its edge.
double inside(double x, double from) { return x < 0 ? from / 2 : x > 1 ? (from + 1) / 2 : x; }

struct Parents {
  const DePopulation::Member &target, &best, &first, &second;
};

std::vector<double> child_of(const Space& space, const Parents& parents, double step, double share,
                             Rng& rng) {
  const std::size_t certain = rng.below(space.size());
  std::vector<double> unit(space.size());
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const double x = or_anywhere(parents.target.unit[i], rng);
    const bool takes = i == certain || rng.uniform() < share;
    if (!takes) {
      unit[i] = x;
      continue;
    }
    const double best = or_anywhere(parents.best.unit[i], rng);
    const double a = or_anywhere(parents.first.unit[i], rng);
    const double b = or_anywhere(parents.second.unit[i], rng);
    if (is_categorical(space[i].distribution)) {
      unit[i] = rng.uniform() < step ? best : x;
      if (a != b && rng.uniform() < step / 2) unit[i] = rng.below(2) == 0 ? a : rng.uniform();
    } else {
      unit[i] = inside(x + step * (best - x) + step * (a - b), x);
    }
  }
  return unit;
}

std::optional<Proposal> by_evolution(const De& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  const DePopulation& population = *o.memory;
  const auto members = population.members();
  if (members.size() < 4) return std::nullopt;
  const std::vector<std::size_t> order = population.order();
  const auto best = std::max<std::size_t>(
      2, static_cast<std::size_t>(std::ceil(best_share * static_cast<double>(members.size()))));
  for (int attempt = 0; attempt < 60; ++attempt) {
    // Every member in its turn; where a turn brings nothing new, another one.
    const std::size_t place =
        attempt == 0 ? history.trials().size() % members.size() : rng.below(members.size());
    const double step = population.draw_step(rng), share = population.draw_share(rng);
    const DePopulation::Member& leader = members[order[rng.below(best)]];
    const std::size_t first = rng.below(members.size());
    const Parents parents{members[place], leader, members[first],
                          population.other(place, first, true, rng)};
    std::vector<double> unit = child_of(space, parents, step, share, rng);
    // What is not new calls for chance.
    if (attempt > 20) unit[rng.below(unit.size())] = rng.uniform();
    Point point = decode(space, unit);
    if (!feasible(space, point) || history.seen(point) > 0) continue;
    return Proposal{std::move(point),
                    "",
                    {{de_place, static_cast<double>(place)}, {de_step, step}, {de_share, share}}};
  }
  return std::nullopt;
}

std::optional<Proposal> propose(const De& o, const History& history, Rng& rng) {
  o.memory->follow(history);
  return spread_then(history, o.seed, o.population, rng,
                     [&] { return by_evolution(o, history, rng); });
}

}  // namespace

Entry de_sampler() {
  return sampler_entry<De>("de", "differential evolution that adapts its own steps");
}

}  // namespace caviar

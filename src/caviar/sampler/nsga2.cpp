// NSGA-II: an evolution for several objectives (Deb, Pratap, Agarwal and Meyarivan, "A Fast and
// Elitist Multiobjective Genetic Algorithm: NSGA-II", 2002). Parents win tournaments by the front
// that they belong to and by the room that they have on it; numbers are crossed by simulated binary
// crossover and mutated by a polynomial (Deb and Agrawal 1995, Deb and Goyal 1996), choices are
// taken over from either parent.
#include <algorithm>
#include <cmath>
#include <memory>

#include "caviar/sampler/cells.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/population.hpp"
#include "caviar/sampler/spread_then.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr double crossover_chance = 0.9;
constexpr double crossover_index = 15, mutation_index = 20;  // larger: children nearer to parents
constexpr std::uint64_t most_cells_stepped = 64;  // beyond that an axis is as good as continuous

struct Nsga2 {
  int population = 20;
  std::uint64_t seed = 0;
  std::shared_ptr<Population> memory;  // saves time only
};

void fields(Nsga2& o, auto&& field) {
  field("population", o.population, "trials that may be parents; so many are spread evenly first",
        4, 1e4);
}

void prepare(Nsga2& o, const Setup& setup) {
  o.seed = setup.seed;
  o.memory = std::make_shared<Population>(static_cast<std::size_t>(o.population));
}

const Population::Member& winner(std::span<const Population::Member> members, Rng& rng) {
  const Population::Member& a = members[rng.below(members.size())];
  const Population::Member& b = members[rng.below(members.size())];
  return Population::fitter(b, a) ? b : a;
}

// One of the two children of a pair within [0, 1]; `index` as above.
double crossed(double a, double b, Rng& rng) {
  const double low = std::min(a, b), high = std::max(a, b), apart = high - low;
  const double u = rng.uniform();
  const bool lower = rng.below(2) == 0;
  if (apart < 1e-12) return a;
  const double to_edge = lower ? low : 1 - high;
  const double alpha = 2 - std::pow(1 + 2 * to_edge / apart, -(crossover_index + 1));
  const double spread = u <= 1 / alpha ? std::pow(u * alpha, 1 / (crossover_index + 1))
                                       : std::pow(1 / (2 - u * alpha), 1 / (crossover_index + 1));
  const double centre = (low + high) / 2;
  return std::clamp(lower ? centre - spread * apart / 2 : centre + spread * apart / 2, 0.0, 1.0);
}

double mutated(double x, Rng& rng) {
  const double u = rng.uniform();
  const double power = mutation_index + 1;
  if (u < 0.5) {
    const double room = std::pow(1 - x, power);
    return std::clamp(x + std::pow(2 * u + (1 - 2 * u) * room, 1 / power) - 1, 0.0, 1.0);
  }
  const double room = std::pow(x, power);
  return std::clamp(x + 1 - std::pow(2 * (1 - u) + (2 * u - 1) * room, 1 / power), 0.0, 1.0);
}

double mutated_along(const Distribution& distribution, double x, Rng& rng) {
  if (is_categorical(distribution)) return rng.uniform();
  const double moved = mutated(x, rng);
  const std::vector<double> edges = cell_edges(distribution, most_cells_stepped);
  if (edges.size() < 3) return moved;
  // A step that stays within its cell would not be one: to a neighbour instead.
  const auto cell = [&](double at) {
    return std::clamp<std::ptrdiff_t>(std::ranges::upper_bound(edges, at) - edges.begin() - 1, 0,
                                      std::ssize(edges) - 2);
  };
  std::ptrdiff_t to = cell(moved);
  if (to == cell(x)) to += moved < x ? -1 : 1;
  if (to < 0) to = 1;
  if (to > std::ssize(edges) - 2) to = std::ssize(edges) - 3;
  return (edges[static_cast<std::size_t>(to)] + edges[static_cast<std::size_t>(to) + 1]) / 2;
}

// What is inactive in one parent comes from the other; in both, from anywhere.
std::vector<double> child_of(const Space& space, const Population::Member& a,
                             const Population::Member& b, double mutation_chance, Rng& rng) {
  const bool cross = rng.uniform() < crossover_chance;
  std::vector<double> unit(space.size());
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const double x = a.unit[i], y = b.unit[i];
    if (std::isnan(x) || std::isnan(y)) {
      unit[i] = !std::isnan(x) ? x : !std::isnan(y) ? y : rng.uniform();
    } else if (is_categorical(space[i].distribution)) {
      unit[i] = cross && rng.below(2) == 0 ? y : x;
    } else {
      unit[i] = cross && rng.below(2) == 0 ? crossed(x, y, rng) : x;
    }
    if (rng.uniform() < mutation_chance) {
      unit[i] = mutated_along(space[i].distribution, unit[i], rng);
    }
  }
  return unit;
}

std::optional<Proposal> by_evolution(const Nsga2& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  const auto members = o.memory->members();
  if (members.size() < 2) return std::nullopt;
  for (int attempt = 0; attempt < 50; ++attempt) {
    const Population::Member& a = winner(members, rng);
    const Population::Member& b = winner(members, rng);
    const int mutations = 1 + attempt / 5;  // a child that is not new calls for more of them
    const double chance =
        std::min(0.5, mutations / static_cast<double>(std::max<std::size_t>(2, space.size())));
    Point point = decode(space, child_of(space, a, b, chance, rng));
    if (!feasible(space, point) || history.seen(point) > 0) continue;
    return Proposal{std::move(point), "", {{"parent", a.trial}, {"other_parent", b.trial}}};
  }
  return std::nullopt;
}

std::optional<Proposal> propose(const Nsga2& o, const History& history, Rng& rng) {
  o.memory->follow(history);
  return spread_then(history, o.seed, o.population, rng,
                     [&] { return by_evolution(o, history, rng); });
}

}  // namespace

Entry nsga2_sampler() {
  return sampler_entry<Nsga2>("nsga2",
                              "an evolution towards the whole front of several objectives");
}

}  // namespace caviar

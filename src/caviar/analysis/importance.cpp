#include "caviar/analysis/importance.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

#include "caviar/analysis/evidence.hpp"
#include "caviar/math/gaussian_process.hpp"
#include "caviar/math/sobol.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr std::size_t rows_seen = 240;
constexpr std::size_t places_seen = 1024;  // where functions are looked at
constexpr std::size_t most_groups = 16, most_groups_of_pairs = 8;
constexpr std::size_t most_paired = 8, idle_axes = 4;
constexpr int sweeps = 3;                 // over the axes
constexpr double worth_removing = 0.005;  // a share
constexpr int kernels = 8, draws_of_each = 3, waves = 64;

// The places sorted into groups along one axis: by its values where these are few, else by equal
// parts of it.
struct Groups {
  std::size_t count = 0;
  std::vector<std::size_t> of;  // by place
};

Groups groups_along(const Distribution& distribution, std::span<const double> units,
                    std::size_t most) {
  Groups groups;
  const std::optional<std::uint64_t> values = cardinality(distribution);
  std::vector<double> centres;  // rising
  if (values && *values <= most) {
    for (std::uint64_t index = 0; index < *values; ++index) {
      centres.push_back(encode(distribution, value_at(distribution, index)));
    }
  }
  groups.count = centres.empty() ? most : centres.size();
  for (const double unit : units) {
    if (centres.empty()) {
      const auto part = static_cast<std::size_t>(unit * static_cast<double>(most));
      groups.of.push_back(std::min(part, most - 1));
    } else {
      const double centre = encode(distribution, decode(distribution, unit));
      const auto at = std::ranges::lower_bound(centres, centre - 1e-12);
      groups.of.push_back(static_cast<std::size_t>(at - centres.begin()));
    }
  }
  return groups;
}

Groups crossed(const Groups& a, const Groups& b) {
  Groups both{a.count * b.count, {}};
  for (std::size_t place = 0; place < a.of.size(); ++place) {
    both.of.push_back(a.of[place] * b.count + b.of[place]);
  }
  return both;
}

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments_of(std::span<const double> values) {
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) squares += std::pow(value - sum / count, 2);
  return {sum / count, squares / count};
}

// The mean of each group, 0 where it is empty.
std::vector<double> means_of(const Groups& groups, std::span<const double> values) {
  std::vector<double> sums(groups.count), sizes(groups.count);
  for (std::size_t place = 0; place < values.size(); ++place) {
    sums[groups.of[place]] += values[place];
    sizes[groups.of[place]] += 1;
  }
  for (std::size_t group = 0; group < groups.count; ++group) {
    if (sizes[group] > 0) sums[group] /= sizes[group];
  }
  return sums;
}

// The variance between the groups, of values whose mean is 0. Chance alone makes it more than 0.
double between(const Groups& groups, std::span<const double> values) {
  const std::vector<double> means = means_of(groups, values);
  double sum = 0;
  for (const std::size_t group : groups.of) sum += means[group] * means[group];
  return sum / static_cast<double>(values.size());
}

// A function at all places, taken apart.
struct Parts {
  std::vector<double> singles;  // by axis: the share that it explains alone, perhaps below 0
  std::vector<double> rest;     // by place: less what single axes explain
  double variance = 0;          // of the function
};

// Where functions over the space are looked at, and how these places lie along the axes.
class Places {
 public:
  Places(const Space& space, std::uint64_t seed) {
    const std::size_t axes = space.size();
    std::vector<std::vector<double>> units(axes + idle_axes);
    for (std::size_t place = 0; place < places_seen; ++place) {
      const std::vector<double> unit =
          scrambled_sobol_point(place, static_cast<int>(units.size()), seed ^ 0xfa0fa);
      for (std::size_t axis = 0; axis < units.size(); ++axis) units[axis].push_back(unit[axis]);
      const std::vector<double> known = encode(space, decode(space, std::span(unit).first(axes)));
      points_.insert(points_.end(), known.begin(), known.end());
    }
    for (std::size_t axis = 0; axis < units.size(); ++axis) {
      const Distribution distribution = axis < axes ? space[axis].distribution : Float{0, 1};
      auto& finely = axis < axes ? along_ : idle_;
      auto& roughly = axis < axes ? roughly_ : idle_roughly_;
      finely.push_back(groups_along(distribution, units[axis], most_groups));
      roughly.push_back(groups_along(distribution, units[axis], most_groups_of_pairs));
    }
    for (const std::size_t idle : {0, 2}) {
      idle_crossed_.push_back(crossed(idle_roughly_[idle], idle_roughly_[idle + 1]));
    }
  }

  std::span<const double> points() const { return points_; }  // as models know them

  // What an axis explains is looked for in what the other ones leave: so the places, of which
  // there are few for many axes, need not be even over all of them at once. `values` differ.
  Parts parts(std::span<const double> values) const {
    const Moments all = moments_of(values);
    Parts parts{std::vector<double>(along_.size()), {}, all.variance};
    for (const double value : values) parts.rest.push_back(value - all.mean);
    std::vector<std::vector<double>> effects(along_.size());  // by group; empty: none to speak of
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      for (std::size_t axis = 0; axis < along_.size(); ++axis) {
        const Groups& groups = along_[axis];
        add(parts.rest, groups, effects[axis], 1);
        parts.singles[axis] = share_of(groups, parts.rest, all.variance);
        effects[axis].clear();
        if (parts.singles[axis] < worth_removing) continue;
        effects[axis] = means_of(groups, parts.rest);
        add(parts.rest, groups, effects[axis], -1);
      }
    }
    return parts;
  }

  // The share that two axes explain beyond what each of them explains by itself, of each function.
  std::vector<double> beyond(std::size_t a, std::size_t b, std::span<const Parts> functions) const {
    const Groups both = crossed(roughly_[a], roughly_[b]);
    std::vector<double> shares;
    for (const Parts& parts : functions) {
      double chance = 0;
      for (const std::size_t idle : {0, 2}) {
        chance += together(idle_crossed_[idle / 2], idle_roughly_[idle], idle_roughly_[idle + 1],
                           parts.rest) /
                  static_cast<double>(freedom(idle_roughly_[idle], idle_roughly_[idle + 1]) * 2);
      }
      const double found = together(both, roughly_[a], roughly_[b], parts.rest);
      const auto free = static_cast<double>(freedom(roughly_[a], roughly_[b]));
      shares.push_back((found - free * chance) / parts.variance);
    }
    return shares;
  }

 private:
  static void add(std::vector<double>& values, const Groups& groups,
                  const std::vector<double>& effect, double sign) {
    if (effect.empty()) return;
    for (std::size_t place = 0; place < values.size(); ++place) {
      values[place] += sign * effect[groups.of[place]];
    }
  }

  // Less what as many groups have by chance, which idle axes tell: nothing depends on them.
  double share_of(const Groups& groups, std::span<const double> values, double variance) const {
    const std::vector<double> means = means_of(groups, values);
    std::vector<double> others(values.begin(), values.end());
    add(others, groups, means, -1);
    double chance = 0;  // for one group more
    for (const Groups& idle : idle_) {
      chance += between(idle, others) / static_cast<double>((idle.count - 1) * idle_.size());
    }
    return (between(groups, values) - chance * static_cast<double>(groups.count - 1)) / variance;
  }

  static double together(const Groups& both, const Groups& a, const Groups& b,
                         std::span<const double> values) {
    return between(both, values) - between(a, values) - between(b, values);
  }
  static std::size_t freedom(const Groups& a, const Groups& b) {
    return (a.count - 1) * (b.count - 1);
  }

  std::vector<double> points_;
  std::vector<Groups> along_, roughly_;      // by axis
  std::vector<Groups> idle_, idle_roughly_;  // of axes that are none of the space's
  std::vector<Groups> idle_crossed_;         // of the first two, and of the others
};

struct Found {
  std::vector<Parts> functions;
  std::vector<double> halves;  // by axis: mean square by which shares of halves miss the whole's
};

// Every second row, from the first or the second on, of an order drawn for each pair of halves.
Evidence half_of(const Evidence& all, std::span<const std::size_t> order, std::size_t from) {
  Evidence half{all.dimensions, {}, {}, all.taming};
  for (std::size_t at = from; at < order.size(); at += 2) {
    const auto row = all.units.begin() + static_cast<std::ptrdiff_t>(order[at] * all.dimensions);
    half.units.insert(half.units.end(), row, row + static_cast<std::ptrdiff_t>(all.dimensions));
    half.losses.push_back(all.losses[order[at]]);
  }
  return half;
}

// Functions that the trials leave possible, and what halves of the trials would have said.
class Functions {
 public:
  Functions(const Space& space, const Evidence& seen, std::uint64_t seed)
      : seen_(seen), places_(space, seed), rng_(seed, 0xfa0fa) {
    for (const Parameter& parameter : space.parameters()) {
      axes_.push_back({is_categorical(parameter.distribution)});
    }
  }

  const Places& at() const { return places_; }

  // Throws std::runtime_error where no kernel fits.
  Found find() {
    Found found;
    found.halves.assign(axes_.size(), 0.0);
    const std::vector<Kernel> likely =
        likely_kernels(axes_, seen_.units, seen_.losses, {.least_noise = 1e-4, .samples = kernels});
    for (std::size_t k = 1; k < likely.size(); ++k) {
      const GaussianProcess model(axes_, seen_.units, seen_.losses, likely[k]);
      for (const auto& function : model.draws(places_.points(), draws_of_each, waves, rng_)) {
        if (moments_of(function).variance > 0) found.functions.push_back(places_.parts(function));
      }
      add_halves(found.halves, likely[k], model.means(places_.points()));
    }
    return found;
  }

 private:
  // Half of the trials tell a share with twice the variance of all of them, and miss the share of
  // all by as much as all miss the truth.
  void add_halves(std::vector<double>& squares, const Kernel& kernel,
                  const std::vector<double>& whole) {
    std::vector<std::size_t> order(seen_.rows());
    for (std::size_t row = 0; row < order.size(); ++row) order[row] = row;
    rng_.shuffle(std::span(order));
    if (!(moments_of(whole).variance > 0)) return;
    const std::vector<double> shares = places_.parts(whole).singles;
    for (const std::size_t from : {0, 1}) {
      const Evidence half = half_of(seen_, order, from);
      const GaussianProcess model(axes_, half.units, half.losses, kernel);
      const std::vector<double> values = model.means(places_.points());
      if (!(moments_of(values).variance > 0)) continue;
      const std::vector<double> other = places_.parts(values).singles;
      for (std::size_t axis = 0; axis < shares.size(); ++axis) {
        squares[axis] += std::pow(other[axis] - shares[axis], 2) / (2.0 * kernels);
      }
    }
  }

  const Evidence& seen_;
  Places places_;
  Rng rng_;
  std::vector<Axis> axes_;
};

template <class Item>
void greatest_first(std::vector<Item>& items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.share > b.share; });
}

// Shares below 0 are none; together they are no more than all.
void settle(Importance& result) {
  double sum = 0;
  for (ParameterImportance& one : result.parameters) sum += one.share = std::max(0.0, one.share);
  for (PairImportance& pair : result.pairs) sum += pair.share = std::max(0.0, pair.share);
  if (!(sum > 1)) return;
  for (ParameterImportance& one : result.parameters) one.share /= sum;
  for (PairImportance& pair : result.pairs) pair.share /= sum;
}

Importance split(const Found& found, const Places& at) {
  const std::size_t axes = found.halves.size();
  std::vector<std::vector<double>> singles(axes);  // by axis and function
  for (const Parts& parts : found.functions) {
    for (std::size_t axis = 0; axis < axes; ++axis) singles[axis].push_back(parts.singles[axis]);
  }
  Importance result;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const auto [share, variance] = moments_of(singles[axis]);
    const double spread = std::sqrt(variance + found.halves[axis]);
    result.parameters.push_back({axis, share, spread, share > 2 * spread});
  }
  greatest_first(result.parameters);
  const std::size_t paired = std::min(axes, most_paired);
  for (std::size_t a = 0; a < paired; ++a) {
    for (std::size_t b = a + 1; b < paired; ++b) {
      const std::size_t first = result.parameters[a].parameter;
      const std::size_t second = result.parameters[b].parameter;
      const auto [share, variance] = moments_of(at.beyond(first, second, found.functions));
      result.pairs.push_back({first, second, share, std::sqrt(variance)});
    }
  }
  greatest_first(result.pairs);
  settle(result);
  return result;
}

}  // namespace

std::optional<Importance> importance(const History& history, const ImportanceOptions& options) {
  const std::optional<Evidence> known = evidence(history, options.objective);
  if (!known) return std::nullopt;
  const Evidence seen = spaced(*known, rows_seen);
  try {
    Functions functions(history.space(), seen, options.seed);
    const Found found = functions.find();
    if (found.functions.empty()) return std::nullopt;
    return split(found, functions.at());
  } catch (const std::runtime_error&) {
    return std::nullopt;  // no kernel fits: nothing can be said
  }
}

}  // namespace caviar

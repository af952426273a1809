#include "caviar/sampler/mixed_search.hpp"

#include <algorithm>
#include <cmath>

#include "caviar/base/match.hpp"
#include "caviar/math/minimize.hpp"
#include "caviar/math/sobol.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

using Unit = std::vector<double>;

// Values of a finite distribution next to the one at `unit`: all other choices where there is no
// order, the next ones on either side where there is.
std::vector<double> neighbours(const Distribution& distribution, double unit) {
  const std::optional<std::uint64_t> values = cardinality(distribution);
  if (!values || *values < 2) return {};
  const double cell = 1 / static_cast<double>(*values);
  std::vector<double> result;
  if (is_categorical(distribution)) {
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(*values, 64); ++i) {
      result.push_back((static_cast<double>(i) + 0.5) * cell);
    }
  } else if (const Int* integer = std::get_if<Int>(&distribution);
             integer != nullptr && integer->scale == Scale::log && integer->step == 1) {
    const std::int64_t value = std::get<std::int64_t>(decode(distribution, unit));
    for (const Value& next : {Value(value - 1), Value(value + 1)}) {
      if (contains(distribution, next)) result.push_back(encode(distribution, next));
    }
  } else {
    result = {std::max(0.0, unit - cell), std::min(1.0, unit + cell)};
  }
  return result;
}

class MixedSearch {
 public:
  MixedSearch(const Acquisition& acquisition, const History& history, Rng& rng,
              const SearchOptions& options)
      : acquisition_(acquisition),
        history_(history),
        space_(history.space()),
        rng_(rng),
        options_(options) {}

  std::optional<Promising> run(const std::vector<Unit>& elites) {
    scatter(elites);
    if (pool_.empty()) return std::nullopt;
    score_pool();
    const auto climbs =
        std::min<std::size_t>(pool_.size(), static_cast<std::size_t>(options_.climbs));
    for (std::size_t i = 0; i < climbs; ++i) climb(pool_[i]);
    return best();
  }

 private:
  // Full unit vectors: coordinates of inactive parameters are kept for when they become active.
  struct Candidate {
    Unit unit;
    Unit model;  // as the model sees it
    double score = 0;
  };

  // The unit vector as the model sees it (values snapped, NaN where inactive); nullopt where it
  // cannot be proposed.
  std::optional<Unit> seen_by_model(const Unit& unit) const {
    const Point point = decode(space_, unit);
    if (!feasible(space_, point) || history_.seen(point) > 0) return std::nullopt;
    Unit model = encode(space_, point);
    if (options_.avoid && options_.avoid(model)) return std::nullopt;
    return model;
  }

  // With very many parameters every candidate costs more, and even hundreds are far from dense.
  std::size_t affordable() const { return std::max<std::size_t>(40, 10'000 / (space_.size() + 1)); }

  void scatter(const std::vector<Unit>& elites) {
    const std::uint64_t seed = rng_.next();
    const auto most = static_cast<int>(affordable());
    for (int i = 0; i < std::min(options_.spread, most); ++i) {
      Unit unit = scrambled_sobol_point(static_cast<std::uint64_t>(i),
                                        static_cast<int>(space_.size()), seed);
      for (std::size_t a = 0; a < unit.size(); ++a) unit[a] = std::lerp(low(a), high(a), unit[a]);
      add(unit);
    }
    for (int i = 0; i < std::min(options_.near, most) && !elites.empty(); ++i) {
      add(moved(elites[static_cast<std::size_t>(i) % elites.size()]));
    }
  }

  void add(const Unit& unit) {
    if (std::optional<Unit> model = seen_by_model(unit)) {
      pool_.push_back({unit, std::move(*model), 0});
    }
  }

  // A step away from a good point in some of its coordinates (one in expectation at least), of a
  // length between a thousandth and a third.
  Unit moved(Unit unit) {
    const double width = 0.3 * std::pow(0.003, rng_.uniform());
    const double share = std::max(1.0 / static_cast<double>(unit.size()), rng_.uniform());
    for (std::size_t i = 0; i < unit.size(); ++i) {
      const bool absent = std::isnan(unit[i]);
      if (!absent && rng_.uniform() > share) continue;
      if (absent || is_categorical(space_[i].distribution)) {
        if (absent || rng_.uniform() < 0.3) unit[i] = rng_.uniform(low(i), high(i));
      } else {
        unit[i] = std::clamp(unit[i] + width * (high(i) - low(i)) * rng_.normal(), low(i), high(i));
      }
    }
    return unit;
  }

  double low(std::size_t i) const {
    return options_.region.low.empty() ? 0 : options_.region.low[i];
  }
  double high(std::size_t i) const {
    return options_.region.high.empty() ? 1 : options_.region.high[i];
  }

  // The pool in order, best first; where a glance sorts out most, only what it leaves.
  void score_pool() {
    constexpr std::size_t looked_at = 60;
    if (acquisition_.glance && pool_.size() > looked_at) {
      score(pool_, acquisition_.glance);
      std::ranges::stable_sort(pool_, std::ranges::greater{}, &Candidate::score);
      pool_.resize(looked_at);
    }
    score(pool_, acquisition_.all);
    std::ranges::stable_sort(pool_, std::ranges::greater{}, &Candidate::score);
  }

  static void score(std::vector<Candidate>& candidates, const Scores& scores_of) {
    std::vector<double> rows;
    for (const Candidate& candidate : candidates) {
      rows.insert(rows.end(), candidate.model.begin(), candidate.model.end());
    }
    const std::vector<double> scores = scores_of(rows);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      candidates[i].score = std::isnan(scores[i]) ? -INFINITY : scores[i];
    }
  }

  Promising best() {
    std::ranges::stable_sort(pool_, std::ranges::greater{}, &Candidate::score);
    const Candidate* chosen = &pool_.front();
    for (const Candidate& candidate : pool_) {
      if (repeats(candidate)) continue;
      chosen = &candidate;
      break;
    }
    return {decode(space_, chosen->unit), chosen->score};
  }

  bool repeats(const Candidate& candidate) const {
    if (!(options_.apart > 0)) return false;
    return std::ranges::any_of(history_.trials(), [&](const Trial& trial) {
      return trial.state != TrialState::interrupted &&
             std::ranges::equal(candidate.model, trial.unit, [&](double x, double y) {
               return std::abs(x - y) <= options_.apart || (std::isnan(x) && std::isnan(y));
             });
    });
  }

  void climb(Candidate& candidate) {
    ascend(candidate);
    for (int sweep = 0; sweep < 3 && try_neighbours(candidate); ++sweep) ascend(candidate);
  }

  // Gradient ascent in the numeric coordinates that are active; taken over only if the snapped
  // result is better.
  void ascend(Candidate& candidate) {
    const Unit start = candidate.model;
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < start.size(); ++i) {
      if (!std::isnan(start[i]) && numeric(i)) free.push_back(i);
    }
    if (free.empty()) return;
    Unit point = start, slope(start.size()), from;
    for (const std::size_t i : free) from.push_back(point[i]);
    const Differentiable loss = [&](std::span<const double> x, std::span<double> gradient) {
      for (std::size_t k = 0; k < free.size(); ++k) point[free[k]] = x[k];
      const double value = acquisition_.slope(point, slope);
      for (std::size_t k = 0; k < free.size(); ++k) gradient[k] = -slope[free[k]];
      return -value;
    };
    std::vector<Bounds> bounds;
    for (const std::size_t i : free) bounds.push_back({low(i), high(i)});
    const MinimizeOptions options{.max_iterations = 20,
                                  .max_evaluations = 40,
                                  .gradient_tolerance = 1e-4,
                                  .value_tolerance = 1e-5};
    const Minimum top = minimize(loss, from, bounds, options);
    take_best(candidate, on_the_way(candidate.unit, free, top.x));
  }

  // The top of the ascent; where constraints may forbid it, also parts of the way, and the way in
  // one coordinate alone.
  std::vector<Unit> on_the_way(const Unit& start, const std::vector<std::size_t>& free,
                               const std::vector<double>& top) const {
    std::vector<Unit> tries;
    const int parts = space_.constraints().empty() ? 1 : 8;
    for (int part = 1; part <= parts; ++part) {
      tries.push_back(start);
      for (std::size_t k = 0; k < free.size(); ++k) {
        tries.back()[free[k]] =
            std::lerp(start[free[k]], top[k], static_cast<double>(part) / parts);
      }
    }
    for (std::size_t k = 0; parts > 1 && k < free.size(); ++k) {
      tries.push_back(start);
      tries.back()[free[k]] = top[k];
    }
    return tries;
  }

  bool numeric(std::size_t i) const {
    const std::optional<std::uint64_t> values = cardinality(space_[i].distribution);
    return !is_categorical(space_[i].distribution) && (!values || *values > 4);
  }

  bool try_neighbours(Candidate& candidate) {
    std::vector<Unit> tries;
    for (std::size_t i = 0; i < space_.size(); ++i) {
      for (const double value : neighbours(space_[i].distribution, candidate.unit[i])) {
        if (value < low(i) || value > high(i)) continue;
        tries.push_back(candidate.unit);
        tries.back()[i] = value;
      }
    }
    if (tries.size() > affordable()) {
      rng_.shuffle(std::span(tries));
      tries.resize(affordable());
    }
    return take_best(candidate, tries);
  }

  // Moves the candidate to the best of these if one is better; true if it moved.
  bool take_best(Candidate& candidate, const std::vector<Unit>& tries) {
    std::vector<Candidate> usable;
    for (const Unit& unit : tries) {
      if (std::optional<Unit> model = seen_by_model(unit)) {
        usable.push_back({unit, std::move(*model), 0});
      }
    }
    if (usable.empty()) return false;
    score(usable, acquisition_.all);
    const auto best = std::ranges::max_element(usable, {}, &Candidate::score);
    if (!(best->score > candidate.score)) return false;
    candidate = std::move(*best);
    return true;
  }

  const Acquisition& acquisition_;
  const History& history_;
  const Space& space_;
  Rng& rng_;
  const SearchOptions& options_;
  std::vector<Candidate> pool_;
};

}  // namespace

std::optional<Promising> most_promising(const Acquisition& acquisition, const History& history,
                                        const std::vector<std::vector<double>>& elites, Rng& rng,
                                        const SearchOptions& options) {
  return MixedSearch(acquisition, history, rng, options).run(elites);
}

}  // namespace caviar

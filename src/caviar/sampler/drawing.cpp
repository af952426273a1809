#include "caviar/sampler/drawing.hpp"

#include <ranges>

#include "caviar/base/error.hpp"
#include "caviar/math/sobol.hpp"
#include "caviar/sampler/hunches.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {

Point uniform_point(const Space& space, Rng& rng) {
  std::optional<Point> point = draw(space, rng);
  if (point) return std::move(*point);
  throw Error(Fault::input,
              "constraints: none of 100000 random configurations satisfies them all; "
              "loosen them or narrow the ranges to where they hold");
}

Point hunched_point(const History& history, Rng& rng) {
  const Space& space = history.space();
  if (!has_hunches(space)) return uniform_point(space, rng);
  std::vector<double> unit(space.size());
  for (int attempt = 0; attempt < 1000; ++attempt) {
    for (double& x : unit) x = rng.uniform();
    place_by_hunches(space, hunch_share(history.trials().size()), unit);
    Point point = decode(space, unit);
    if (feasible(space, point)) return point;
  }
  return uniform_point(space, rng);
}

std::optional<Point> next_sobol(const History& history, std::uint64_t seed, std::uint64_t& index,
                                const Placement& place) {
  const Space& space = history.space();
  const bool hunched = has_hunches(space);
  for (int attempt = 0; attempt < 200; ++attempt) {
    std::vector<double> unit = scrambled_sobol_point(index++, static_cast<int>(space.size()), seed);
    if (place) {
      place(unit);
    } else if (hunched) {
      place_by_hunches(space, hunch_share(history.trials().size()), unit);
    }
    Point point = decode(space, unit);
    if (feasible(space, point) && history.seen(point) == 0) return point;
  }
  return std::nullopt;
}

const Trial* last_trial(const History& history, std::string_view by) {
  for (const Trial& trial : history.trials() | std::views::reverse) {
    if (trial.by == by && !trial.ticket) return &trial;
  }
  return nullptr;
}

std::optional<double> last_note(const History& history, std::string_view by,
                                const std::string& key) {
  const Trial* trial = last_trial(history, by);
  if (trial == nullptr) return std::nullopt;
  const auto found = trial->note.find(key);
  if (found == trial->note.end()) return std::nullopt;
  return found->second;
}

}  // namespace caviar

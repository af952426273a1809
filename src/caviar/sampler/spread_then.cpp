#include "caviar/sampler/spread_then.hpp"

#include <utility>

#include "caviar/sampler/drawing.hpp"

namespace caviar {

Proposal spread_then(const History& history, std::uint64_t seed, int spread, Rng& rng,
                     const std::function<std::optional<Proposal>()>& later) {
  // Interrupted trials run again, so they do not count.
  std::uint64_t index = history.trials().size() - history.count(TrialState::interrupted);
  if (index < static_cast<std::uint64_t>(spread)) {
    if (std::optional<Point> point = next_sobol(history, seed, index)) {
      return {std::move(*point), "", {{"startup", 1}}};
    }
  } else if (std::optional<Proposal> proposal = later()) {
    return *std::move(proposal);
  }
  return {uniform_point(history.space(), rng), "", {{"fallback", 1}}};
}

}  // namespace caviar

// No configuration of a finite space twice.
#include <utility>

#include "caviar/sampler/sampler.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

// Larger spaces are not walked through to the end to choose evenly among what is left.
constexpr std::uint64_t most_walked = 1'000'000;

// One that is left: a random one as long as chance finds it, then one of a walk over the space.
std::optional<Point> one_left(const History& history, Rng& rng, std::uint64_t cardinality) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    std::optional<Point> point = draw(history.space(), rng, 1);
    if (point && history.seen(*point) == 0) return point;
  }
  std::optional<Point> chosen;
  std::uint64_t left = 0;
  enumerate(history.space(), [&](const Point& point) {
    // Reservoir sampling: the n-th one left takes the place with probability 1/n.
    if (history.seen(point) == 0 && rng.below(++left) == 0) chosen = point;
    return !chosen || cardinality <= most_walked;
  });
  return chosen;
}

}  // namespace

Sampler without_repeats(Sampler sampler) {
  return
      [sampler = std::move(sampler)](const History& history, Rng& rng) -> std::optional<Proposal> {
        // A space that is still empty (define by run) says nothing about what is to come.
        const std::optional<std::uint64_t> cardinality =
            history.space().empty() ? std::nullopt : history.space().cardinality();
        if (!cardinality) return sampler(history, rng);
        if (history.distinct() >= *cardinality) return std::nullopt;
        std::optional<Proposal> proposal;
        for (int attempt = 0; attempt < 4; ++attempt) {
          proposal = sampler(history, rng);
          if (!proposal || history.seen(proposal->point) == 0) return proposal;
        }
        std::optional<Point> point = one_left(history, rng, *cardinality);
        if (!point) return std::nullopt;
        return Proposal{std::move(*point), "random", {{"fallback", 1}}};
      };
}

}  // namespace caviar

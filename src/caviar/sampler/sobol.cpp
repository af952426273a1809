// A scrambled Sobol sequence: as random to the eye, but it leaves no gaps and forms no clusters.
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"

namespace caviar {
namespace {

struct Sobol {
  std::uint64_t seed = 0;
};

void fields(Sobol&, auto&&) {}
void prepare(Sobol& o, const Setup& setup) { o.seed = setup.seed; }

std::optional<Proposal> propose(const Sobol& o, const History& history, Rng& rng) {
  auto index = static_cast<std::uint64_t>(last_note(history, "sobol", "index").value_or(0));
  if (std::optional<Point> point = next_sobol(history, o.seed, index)) {
    return Proposal{std::move(*point), "", {{"index", static_cast<double>(index)}}};
  }
  return Proposal{uniform_point(history.space(), rng),
                  "",
                  {{"index", static_cast<double>(index)}, {"fallback", 1}}};
}

}  // namespace

Entry sobol_sampler() {
  return sampler_entry<Sobol>("sobol", "fills the space evenly, by a scrambled Sobol sequence");
}

}  // namespace caviar

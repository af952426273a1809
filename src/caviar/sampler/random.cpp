// Every configuration equally likely on the parameters' own scales.
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"

namespace caviar {
namespace {

struct Random {};

void fields(Random&, auto&&) {}

std::optional<Proposal> propose(const Random&, const History& history, Rng& rng) {
  return Proposal{hunched_point(history, rng), "", {}};
}

}  // namespace

Entry random_sampler() {
  return sampler_entry<Random>("random", "draws every configuration independently");
}

}  // namespace caviar

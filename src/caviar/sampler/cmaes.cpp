// CMA-ES: draws from a Gaussian that learns where, how far and in which directions to go (Hansen,
// "The CMA Evolution Strategy: A Tutorial", 2016), over integers with a margin (Hamano et al.
// 2022), with restarts of large and small populations (Hansen 2009).
//
// A proposal notes which run it belongs to; all else is folded out of the trials (cma_fold.hpp).
#include <cmath>
#include <memory>

#include "caviar/sampler/cma_fold.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

struct Cmaes {
  double sigma = 0.25;
  std::uint64_t seed = 0;
  std::shared_ptr<CmaFold> fold;  // saves time only
};

void fields(Cmaes& o, auto&& field) {
  field("sigma", o.sigma, "standard deviation of the first draws, as a share of the ranges", 1e-3,
        1);
}

void prepare(Cmaes& o, const Setup& setup) {
  o.seed = setup.seed;
  o.fold = std::make_shared<CmaFold>(setup.space, o.seed, o.sigma);
}

std::optional<Proposal> propose(const Cmaes& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  o.fold->follow(history);
  const CmaRun run = o.fold->next_run(history);
  Note note;
  for (int attempt = 0; attempt < 20; ++attempt) {
    Point point = decode(space, o.fold->draw(history, run, rng, note));
    if (feasible(space, point) && history.seen(point) == 0)
      return Proposal{std::move(point), "", note};
  }
  // Nothing new where the Gaussian stands: a random trial joins the generation, so that it goes on.
  std::erase_if(note, [](const auto& entry) { return entry.first.starts_with("z."); });
  note["fallback"] = 1;
  return Proposal{uniform_point(space, rng), "", note};
}

}  // namespace

Entry cmaes_sampler() {
  return sampler_entry<Cmaes>("cmaes", "a Gaussian that learns its place, width and directions");
}

}  // namespace caviar

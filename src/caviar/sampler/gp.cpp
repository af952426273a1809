// A Gaussian process and expected improvement: where the next trial promises most.
//
// The middle of the space first, and steps along its axes or scrambled Sobol points; then a model
// learns all finished trials, and the next trial is where the logarithm of expected improvement is
// largest, averaged over kernels that the trials leave possible, times the probability that nothing
// fails there and that it keeps the bounds on outcomes. Every other trial goes downhill from the
// best one instead, by the model's mean, or, once there is an idea of the whole, takes a close look
// at its neighbourhood, and now and then one challenges its choices.
#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>

#include "caviar/sampler/acquisitions.hpp"
#include "caviar/sampler/caution.hpp"
#include "caviar/sampler/challenge.hpp"
#include "caviar/sampler/close_up.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/first_steps.hpp"
#include "caviar/sampler/front_gain.hpp"
#include "caviar/sampler/guide.hpp"
#include "caviar/sampler/hunches.hpp"
#include "caviar/sampler/lessons.hpp"
#include "caviar/sampler/reading.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

// Noise variance, of the spread of the values, from which on there is no looking closely, and one
// kernel is not enough to believe in.
constexpr double much_noise = 0.01;

// By so many deviations the loss may lie below its mean where every other trial goes for the lowest
// such bound because there is noise.
constexpr double hopeful = 1;

// How far a trial goes downhill, in parts of each range.
constexpr double downhill_reach = 0.15;

// On which of the losses' scales a model sees them, and kernels that are likely there.
struct Learnt {
  std::size_t scale = 0;
  std::vector<Kernel> kernels;
  std::optional<Kernel> failures;   // of the model of where trials fail, where any have
  std::vector<Kernel> bounds = {};  // of the models of what has bounds

  bool noisy() const { return kernels.front().noise >= much_noise; }
};

// What was learnt last, and from what. Saves time only: the same data give the same.
struct Memory {
  std::vector<double> points, losses, margins;
  Learnt learnt;
};

struct Gp {
  int startup = 0;
  int model_trials = 300;
  std::string acquisition = "portfolio";
  double deviations = 2;
  std::uint64_t seed = 0;
  std::shared_ptr<Memory> memory = std::make_shared<Memory>();
  // One an objective, where there are several.
  std::shared_ptr<std::vector<Memory>> of_front = std::make_shared<std::vector<Memory>>();
  std::shared_ptr<Guide> guide = std::make_shared<Guide>();
};

void fields(Gp& o, auto&& field) {
  field("startup", o.startup,
        "trials spread evenly before the model begins; 0: as many as the space needs, in one of "
        "numbers steps along its axes",
        0, 1e6);
  field("model_trials", o.model_trials, "trials that the model holds at most", 10, 3000);
  field("acquisition", o.acquisition,
        "how a place is judged: by several functions in turn, or by one alone",
        {"portfolio", "expected_improvement", "probability_of_improvement", "confidence_bound",
         "thompson"});
  field("deviations", o.deviations,
        "of the confidence bound alone: how far below the mean; more explores more", 0, 100);
}

void prepare(Gp& o, const Setup& setup) { o.seed = setup.seed; }

std::size_t startup(const Gp& o, const Space& space) {
  if (o.startup > 0) return static_cast<std::size_t>(o.startup);
  if (steps_first(space)) return first_steps(space);
  return std::clamp<std::size_t>(space.size() + 2, 5, 10);
}

// Logarithms, counts and their ranges are guesses at the scale on which a parameter acts, which
// bending corrects; on functions of plain floats it was measured to cost more than it brings.
bool bends(const Space& space) {
  return !std::ranges::all_of(space.parameters(), [](const Parameter& p) {
    const Float* plain = std::get_if<Float>(&p.distribution);
    return plain != nullptr && plain->scale == Scale::linear;
  });
}

// The levelled losses; where they are noisy, the losses as they are if that makes them more likely:
// even noise is uneven on a logarithmic scale, and largest where it matters.
Learnt learn(const Observations& seen, const std::vector<Axis>& axes, bool warped,
             std::uint64_t seed) {
  const Learning learning{.warped = warped,
                          .noisy_from = much_noise,
                          .heteroscedastic = true,
                          .samples = 4,
                          .seed = seed};
  const std::vector<Levelling> scales = levellings(seen.losses);
  Learnt levelled{0, likely_kernels(axes, seen.points, scales[0].values, learning), {}};
  if (!levelled.noisy()) return levelled;
  Learnt plain{1, likely_kernels(axes, seen.points, scales[1].values, learning), {}};
  const auto evidence = [&](const Learnt& learnt) {
    return log_evidence(axes, seen.points, scales[learnt.scale], learnt.kernels.front());
  };
  return evidence(plain) > evidence(levelled) ? plain : levelled;
}

// Learnt anew only when the trials have become a tenth more, and from 120 of them.
const Learnt& learnt(const Gp& o, Memory& memory, const History& history,
                     const std::vector<Axis>& axes) {
  const std::size_t trials = history.trials().size();
  const std::size_t stride = std::max<std::size_t>(1, trials / 10);
  Observations seen = observe(history, trials / stride * stride, 120);
  if (without_failures(seen).rows() < 2) seen = observe(history, trials, 120);
  const auto same_bits = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::ranges::equal(a, b,
                              [](double x, double y) { return x == y || (x != x && y != y); });
  };
  if (!same_bits(seen.points, memory.points) || !same_bits(seen.losses, memory.losses) ||
      !same_bits(seen.margins, memory.margins)) {
    const Observations told = without_failures(seen);
    memory.learnt = learn(told, axes, bends(history.space()), o.seed);
    if (told.rows() < seen.rows()) {
      const Demand demand = no_failures(seen);
      memory.learnt.failures = kernels_of(axes, std::span(&demand, 1)).front();
    }
    memory.learnt.bounds = kernels_of(axes, kept_bounds(seen));
    memory.points = std::move(seen.points);
    memory.losses = std::move(seen.losses);
    memory.margins = std::move(seen.margins);
  }
  return memory.learnt;
}

bool every_other(const History& history) { return history.trials().size() % 2 == 1; }

bool knows_the_whole(const Observations& seen) { return seen.rows() >= 3 * seen.axes + 10; }

// Not where noise hides what there is to see.
bool looks_closer(const History& history, const Observations& seen, const Learnt& learnt) {
  return every_other(history) && knows_the_whole(seen) && !learnt.noisy();
}

// Before that, where the first trials were steps: as every other trial the lowest mean near the
// best one. Over many axes expected improvement is largest far from everything for long.
bool goes_downhill(const History& history, const Observations& seen, const Learnt& learnt) {
  return every_other(history) && !knows_the_whole(seen) && !learnt.noisy() &&
         steps_first(history.space());
}

// What the model of the whole is asked for.
enum class Way { feasible, downhill, hope, improvement, chance, bound, draw };

Way way_of(const Gp& o, const History& history, const Observations& seen, const Belief& belief,
           const Learnt& learnt) {
  // Until a trial keeps all bounds there is nothing to improve upon.
  if (!belief.solved) return Way::feasible;
  if (o.acquisition == "expected_improvement") return Way::improvement;
  if (o.acquisition == "probability_of_improvement") return Way::chance;
  if (o.acquisition == "confidence_bound") return Way::bound;
  if (o.acquisition == "thompson") return Way::draw;
  if (goes_downhill(history, seen, learnt)) return Way::downhill;
  // Where there is noise, expected improvement goes on looking where little is known; good reports
  // come from where the loss is low.
  if (every_other(history) && learnt.noisy()) return Way::hope;
  return Way::improvement;
}

const char* note_of(Way way) {
  constexpr const char* names[] = {"feasible",    "low_mean",         "low_bound", "improvement",
                                   "probability", "confidence_bound", "draw"};
  return names[static_cast<std::size_t>(way)];
}

Region around(std::span<const double> unit, double reach) {
  Region region;
  for (const double x : unit) {
    region.low.push_back(std::max(0.0, x - reach));
    region.high.push_back(std::min(1.0, x + reach));
  }
  return region;
}

std::optional<Proposal> by_close_up(const History& history, const Observations& seen,
                                    const Belief& whole, const std::vector<Axis>& axes, Rng& rng,
                                    const Caution& caution) try {
  std::optional<Point> point = closer(history, seen, whole, axes, rng, caution);
  if (!point) return std::nullopt;
  return Proposal{std::move(*point), "", {{"close_up", 1}}};
} catch (const std::exception&) {
  return std::nullopt;
}

// One trial in eight, of those that are no close looks.
bool challenges(const History& history, const Observations& seen) {
  return history.trials().size() % 8 == 2 && seen.rows() >= 8;
}

std::optional<Proposal> by_challenge(const History& history, const Observations& all,
                                     const Kernel& kernel, std::span<const double> leader,
                                     const std::vector<Axis>& axes, Rng& rng,
                                     const Caution& caution) try {
  std::optional<Point> point = challenger(history, all, kernel, leader, axes, rng, caution);
  if (!point) return std::nullopt;
  return Proposal{std::move(*point), "", {{"challenge", 1}}};
} catch (const std::exception&) {
  return std::nullopt;
}

std::vector<std::vector<double>> best_places(const Observations& seen, const Belief& belief) {
  std::vector<std::vector<double>> places;
  for (const std::size_t row :
       std::span(belief.order).first(std::min<std::size_t>(5, seen.rows()))) {
    places.emplace_back(seen.unit(row).begin(), seen.unit(row).end());
  }
  return places;
}

// Nothing where the model cannot be computed: that must not stop a study.
std::optional<Proposal> by_model(const Gp& o, const History& history, Rng& rng) try {
  const std::vector<Axis> axes = axes_of(history.space());
  Observations all =
      observe(history, history.trials().size(), static_cast<std::size_t>(o.model_trials));
  Observations seen = without_failures(all);
  const Learnt& now = learnt(o, *o.memory, history, axes);
  const Caution caution(axes, all, now.failures, now.bounds);
  if (now.scale > 0) {
    for (Observations* rows : {&all, &seen}) {
      rows->values = std::move(levellings(rows->losses)[now.scale].values);
    }
  }
  const Belief belief = believe(axes, seen, now.kernels);
  const bool portfolio = o.acquisition == "portfolio";
  if (portfolio && challenges(history, seen)) {
    const auto leader = seen.unit(belief.order.front());
    if (auto other = by_challenge(history, all, now.kernels.front(), leader, axes, rng, caution)) {
      return other;
    }
  }
  if (portfolio && looks_closer(history, seen, now)) {
    if (auto near = by_close_up(history, seen, belief, axes, rng, caution)) return near;
  }
  o.guide->follow(history);
  const Way way = way_of(o, history, seen, belief, now);
  SearchOptions options{
      .apart = 1e-4, .avoid = [&](std::span<const double> unit) { return caution.avoids(unit); }};
  if (way == Way::downhill) {
    options.region = around(seen.unit(belief.order.front()), downhill_reach);
  }
  // A drawn function is known at the candidates alone: there is no slope to climb.
  if (way == Way::draw) options.climbs = 0;
  const auto acquisition = [&] {
    switch (way) {
      case Way::feasible:
        return o.guide->guided(caution.without_gain());
      case Way::downhill:
        return caution.heeded_by(low_bound(belief, 0));
      case Way::hope:
        return caution.heeded_by(low_bound(belief, hopeful));
      case Way::chance:
        return caution.heeded_by(o.guide->guided(log_probability_of_improvement(belief)));
      case Way::bound:
        return caution.heeded_by(o.guide->guided(low_bound(belief, o.deviations)));
      case Way::draw:
        return caution.heeded_by(o.guide->guided(posterior_draw(belief, rng)));
      case Way::improvement:
        break;
    }
    return caution.heeded_by(o.guide->guided(log_expected_improvement(belief, now.noisy())));
  };
  std::optional<Promising> found =
      most_promising(acquisition(), history, best_places(seen, belief), rng, options);
  if (!found) return std::nullopt;
  Note note;
  if (way != Way::improvement) note[note_of(way)] = 1;
  return Proposal{std::move(found->point), "", std::move(note)};
} catch (const std::exception&) {
  return std::nullopt;
}

// Where the front is expected to grow most.
// `as_one` is the history with one objective: earlier studies are judged by it.
std::optional<Proposal> by_front(const Gp& o, const History& history, const History& as_one,
                                 Rng& rng) try {
  const std::vector<Axis> axes = axes_of(history.space());
  std::vector<double> solutions;
  for (const Trial& trial : history.trials()) {
    if (trial.outside || !is_solution(history.goal(), trial)) continue;
    solutions.insert(solutions.end(), trial.unit.begin(), trial.unit.end());
  }
  if (solutions.empty()) return std::nullopt;
  const std::size_t objectives = history.goal().objectives();
  o.of_front->resize(objectives);
  std::vector<Observations> seen;
  std::vector<Kernel> kernels;
  Caution caution;
  for (std::size_t k = 0; k < objectives; ++k) {
    const History one = history.with_losses(losses_of(history, k), {.bounds = k == 0});
    const Observations all =
        observe(one, one.trials().size(), static_cast<std::size_t>(o.model_trials));
    const Learnt& now = learnt(o, (*o.of_front)[k], one, axes);
    if (k == 0) caution = Caution(axes, all, now.failures, now.bounds);
    seen.push_back(without_failures(all));
    if (now.scale > 0) {
      seen.back().values = std::move(levellings(seen.back().losses)[now.scale].values);
    }
    kernels.push_back(now.kernels.front());
  }
  const std::optional<FrontBelief> belief = believe_front(axes, seen, kernels, solutions);
  if (!belief) return std::nullopt;
  std::vector<std::vector<double>> leaders = belief->leaders;
  rng.shuffle(std::span(leaders));
  leaders.resize(std::min<std::size_t>(leaders.size(), 10));
  const SearchOptions options{
      .apart = 1e-4, .avoid = [&](std::span<const double> unit) { return caution.avoids(unit); }};
  o.guide->follow(as_one);
  std::optional<Promising> found = most_promising(
      caution.heeded_by(o.guide->guided(log_front_gain(*belief))), history, leaders, rng, options);
  if (!found) return std::nullopt;
  return Proposal{std::move(found->point), "", {{"front", 1}}};
} catch (const std::exception&) {
  return std::nullopt;
}

// Interrupted trials run again, so they do not count; those outside of the space as it is now, and
// what another study taught wrongly, tell nothing of the whole.
std::size_t started(const History& history) {
  const auto inside = std::ranges::count_if(history.trials(), [](const Trial& trial) {
    return trial.state != TrialState::interrupted && !trial.outside;
  });
  const auto count = static_cast<std::size_t>(inside);
  return count - std::min(count, misleading_lessons(history));
}

bool knows_enough(const Gp& o, const History& history) {
  const auto complete = std::ranges::count_if(history.trials(), [](const Trial& trial) {
    return trial.state == TrialState::complete && !trial.outside;
  });
  return started(history) >= startup(o, history.space()) && complete >= 3;
}

Proposal before_the_model(const Gp& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  std::uint64_t index = started(history);
  if (index == 0) {
    Point middle = decode(space, expected_middle(space));
    if (feasible(space, middle)) return {std::move(middle), "", {{"startup", 1}}};
  }
  if (o.startup == 0 && steps_first(space)) {
    if (std::optional<Point> point = next_step(history, o.seed, index, rng)) {
      return {std::move(*point), "", {{"step", 1}}};
    }
  }
  if (std::optional<Point> point = next_sobol(history, o.seed, index)) {
    return {std::move(*point), "", {{"startup", 1}}};
  }
  return {uniform_point(space, rng), "", {{"fallback", 1}}};
}

std::optional<Proposal> propose_one(const Gp& o, const History& history, Rng& rng) {
  if (!knows_enough(o, history)) return before_the_model(o, history, rng);
  if (std::optional<Proposal> proposal = by_model(o, history, rng)) return proposal;
  return Proposal{uniform_point(history.space(), rng), "", {{"fallback", 1}}};
}

// Of several objectives three trials in four by models of each, for what the front gains; the
// others by one model of a loss made of all, with weights drawn anew.
std::optional<Proposal> propose(const Gp& o, const History& history, Rng& rng) {
  if (history.goal().objectives() == 1) return propose_one(o, history, rng);
  const History one = with_one_objective(history, rng);
  if (knows_enough(o, one) && one.trials().size() % 4 != 2) {
    if (std::optional<Proposal> proposal = by_front(o, history, one, rng)) return proposal;
  }
  return propose_one(o, one, rng);
}

}  // namespace

Entry gp_sampler() {
  return sampler_entry<Gp>("gp", "learns a Gaussian process and goes where it promises most");
}

}  // namespace caviar

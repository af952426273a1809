// A Gaussian process and expected improvement: where the next trial promises most.
//
// Scrambled Sobol points first; then the model learns all finished trials, running ones counting as
// if they had come out as the model expects ("kriging believer", Ginsbourger et al. 2010), and the
// next trial is where the logarithm of expected improvement (Ament et al. 2023) is largest.
#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>

#include "caviar/math/gaussian_process.hpp"
#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/sampler/observations.hpp"

namespace caviar {
namespace {

// The kernel that was learnt last, and from what. Saves time only: the same data give the same.
struct KernelMemory {
  std::vector<double> points, values;
  Kernel kernel;
};

struct Gp {
  int startup = 0;
  int learn_from = 300;
  std::uint64_t seed = 0;
  std::shared_ptr<KernelMemory> memory = std::make_shared<KernelMemory>();
};

void fields(Gp& o, auto&& field) {
  field("startup", o.startup, "trials spread evenly before the model begins; 0: by the space", 0,
        1e6);
  field("learn_from", o.learn_from, "trials that the model holds at most", 10, 3000);
}

void prepare(Gp& o, const Setup& setup) { o.seed = setup.seed; }

std::size_t startup(const Gp& o, const Space& space) {
  if (o.startup > 0) return static_cast<std::size_t>(o.startup);
  return std::clamp<std::size_t>(2 * space.size(), 6, 20);
}

std::vector<Axis> axes_of(const Space& space) {
  std::vector<Axis> axes;
  for (const Parameter& parameter : space.parameters()) {
    Axis axis;
    axis.categorical = is_categorical(parameter.distribution);
    // What practice says to matter more is expected to need a shorter length scale.
    if (parameter.tier > 0) axis.length = std::pow(1.3, parameter.tier - 2);
    axes.push_back(axis);
  }
  return axes;
}

// The kernel is learnt anew only when the trials have become a tenth more, and from 120 of them.
Kernel learnt_kernel(const Gp& o, const History& history, const std::vector<Axis>& axes) {
  const std::size_t trials = history.trials().size();
  const std::size_t stride = std::max<std::size_t>(1, trials / 10);
  Observations seen = observe(history, trials / stride * stride, 120);
  if (seen.rows() == 0) seen = observe(history, trials, 120);
  KernelMemory& memory = *o.memory;
  const auto same_bits = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::ranges::equal(a, b,
                              [](double x, double y) { return x == y || (x != x && y != y); });
  };
  if (!same_bits(seen.points, memory.points) || !same_bits(seen.values, memory.values)) {
    memory.kernel = GaussianProcess::fit(axes, seen.points, seen.values).kernel();
    memory.points = std::move(seen.points);
    memory.values = std::move(seen.values);
  }
  return memory.kernel;
}

struct Belief {
  GaussianProcess model;  // of finished and running trials
  double best;            // the smallest mean at a finished trial
  std::vector<std::vector<double>> elites;
};

Belief believe(const Gp& o, const History& history) {
  const std::vector<Axis> axes = axes_of(history.space());
  const Kernel kernel = learnt_kernel(o, history, axes);
  Observations seen =
      observe(history, history.trials().size(), static_cast<std::size_t>(o.learn_from));
  GaussianProcess model(axes, seen.points, seen.values, kernel);
  std::vector<double> means;
  for (const auto& at : model.predict_all(seen.points)) means.push_back(at.mean);
  const std::vector<std::size_t> order = ascending(means);
  std::vector<std::vector<double>> elites;
  for (const std::size_t row : std::span(order).first(std::min<std::size_t>(5, order.size()))) {
    const auto unit = std::span(seen.points).subspan(row * seen.axes, seen.axes);
    elites.emplace_back(unit.begin(), unit.end());
  }
  if (!seen.pending.empty()) {
    for (const auto& at : model.predict_all(seen.pending)) seen.values.push_back(at.mean);
    seen.points.insert(seen.points.end(), seen.pending.begin(), seen.pending.end());
    model = GaussianProcess(axes, seen.points, seen.values, kernel);
  }
  return {std::move(model), means[order.front()], std::move(elites)};
}

double deviation(const GaussianProcess::Prediction& at) {
  return std::sqrt(std::max(at.variance, 1e-16));
}

Acquisition log_expected_improvement(const Belief& belief) {
  Acquisition acquisition;
  acquisition.all = [&](std::span<const double> points) {
    std::vector<double> scores;
    for (const auto& at : belief.model.predict_all(points)) {
      const double s = deviation(at);
      scores.push_back(std::log(s) + log_improvement((belief.best - at.mean) / s));
    }
    return scores;
  };
  acquisition.slope = [&](std::span<const double> point, std::span<double> gradient) {
    const GaussianProcess::Slope slope = belief.model.slope(point);
    const double s = deviation(slope.at), z = (belief.best - slope.at.mean) / s;
    const double rise = log_improvement_slope(z);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const double ds = slope.variance[i] / (2 * s);
      gradient[i] = ds / s - rise * (slope.mean[i] + z * ds) / s;
    }
    return std::log(s) + log_improvement(z);
  };
  return acquisition;
}

// Nothing where the model cannot be computed: that must not stop a study.
std::optional<Proposal> by_model(const Gp& o, const History& history, Rng& rng) try {
  const Belief belief = believe(o, history);
  const Acquisition acquisition = log_expected_improvement(belief);
  std::optional<Point> point = most_promising(acquisition, history, belief.elites, rng);
  if (!point) return std::nullopt;
  return Proposal{std::move(*point), "", {}};
} catch (const std::exception&) {
  return std::nullopt;
}

std::optional<Proposal> propose(const Gp& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  const std::size_t asked = history.trials().size();
  if (asked < startup(o, space) || history.count(TrialState::complete) < 3) {
    std::uint64_t index = asked;
    if (std::optional<Point> point = next_sobol(history, o.seed, index)) {
      return Proposal{std::move(*point), "", {{"startup", 1}}};
    }
    return Proposal{uniform_point(space, rng), "", {{"fallback", 1}}};
  }
  if (std::optional<Proposal> proposal = by_model(o, history, rng)) return proposal;
  return Proposal{uniform_point(space, rng), "", {{"fallback", 1}}};
}

}  // namespace

Entry gp_sampler() {
  return sampler_entry<Gp>("gp", "learns a Gaussian process and goes where it promises most");
}

}  // namespace caviar

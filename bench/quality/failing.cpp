// Family failing: parts of the space, or one trial in a few, give no loss at all, as where training
// diverges, memory runs out or a program crashes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "functions.hpp"
#include "suite.hpp"
#include "training_like.hpp"

namespace caviar::quality {
namespace {

constexpr double failed = std::numeric_limits<double>::quiet_NaN();

Problem failing(const std::string& name, const Space& space,
                std::function<double(const Point&)> loss, double best) {
  return {.name = "failing/" + name,
          .family = "failing",
          .space = space,
          .best = best,
          .loss = std::move(loss)};
}

// Trainings diverge a little above the best rate: the optimum lies near the edge.
double diverging(const Point& p) {
  const TrainingLike at = training_like_at(p);
  return at.log_rate > best_log_rate(at) + 0.5 ? failed : training_like_loss(at);
}

// Wide and deep networks do not fit into memory, and wider ones are better.
struct Network {
  double units, layers, batch;

  bool fits() const { return units * (units * layers + batch) <= 4e6; }
  double loss() const {
    return 0.3 / std::log2(units) + 0.02 * std::pow(layers - 4, 2) +
           0.005 * std::pow(std::log2(batch) - 6, 2);
  }
  double best_log_rate() const { return -2.5 + 0.1 * (std::log2(batch) - 6); }
};

Problem out_of_memory() {
  const Space space({{"units", Int{16, 4096, Scale::log}},
                     {"layers", Int{1, 12}},
                     {"batch", Int{8, 1024, Scale::log}},
                     {"rate", Float{1e-5, 1, Scale::log}}});
  const auto loss = [](const Point& p) {
    const Network network{number(p, "units"), number(p, "layers"), number(p, "batch")};
    if (!network.fits()) return failed;
    return network.loss() +
           0.1 * std::pow(std::log10(number(p, "rate")) - network.best_log_rate(), 2);
  };
  // For every depth and batch, as many units as there is room for, at their best rate.
  double best = std::numeric_limits<double>::infinity();
  for (int layers = 1; layers <= 12; ++layers) {
    for (int batch = 8; batch <= 1024; ++batch) {
      Network network{4096, static_cast<double>(layers), static_cast<double>(batch)};
      while (!network.fits()) --network.units;
      best = std::min(best, network.loss());
    }
  }
  return failing("out_of_memory", space, loss, best);
}

// A ball around a good local minimum crashes; the global one lies outside of it.
double holed_hartmann(const Vector& x) {
  const Vector hole = {0.40, 0.88, 0.82, 0.57, 0.16, 0.04};
  return sphere(minus(x, hole)) < 0.2 ? failed : hartmann6(x);
}

// Stripes that fail: a third of the box, none of them at the minima.
double striped_branin(const Vector& x) {
  return std::sin(1.3 * (x[0] + x[1])) > 0.5 && branin(x) > 2 ? failed : branin(x);
}

}  // namespace

std::vector<Problem> failing_problems() {
  const Space branin_box({{"x", Float{-5, 10}}, {"y", Float{0, 15}}});
  const Space unit = cube(6, 0, 1);
  Problem flaky =
      failing("flaky_rosenbrock", cube(4, -5, 10), of_numbers(cube(4, -5, 10), rosenbrock), 0);
  flaky.observe = [](double loss, Rng& rng) { return rng.uniform() < 0.15 ? failed : loss; };
  return {
      failing("diverging", training_like_space(), diverging, 0),
      held_out(out_of_memory()),
      failing("holed_hartmann_6d", unit, of_numbers(unit, holed_hartmann), hartmann6_minimum),
      failing("striped_branin", branin_box, of_numbers(branin_box, striped_branin), branin_minimum),
      flaky,
  };
}

}  // namespace caviar::quality

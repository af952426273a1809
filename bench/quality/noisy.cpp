// Family noisy: what a trial reports is its loss and chance. Methods see the report; they are
// judged by the loss without noise of the trial that they would name best, the one with the best
// report.
#include <cmath>
#include <utility>

#include "functions.hpp"
#include "rotation.hpp"
#include "suite.hpp"
#include "training_like.hpp"

namespace caviar::quality {
namespace {

using Noise = std::function<double(double loss, Rng& rng)>;

Problem noisy(const std::string& name, const Space& space, std::function<double(const Point&)> loss,
              double best, Noise noise) {
  return {.name = "noisy/" + name,
          .family = "noisy",
          .space = space,
          .best = best,
          .loss = std::move(loss),
          .observe = std::move(noise)};
}

// The same deviation everywhere.
Noise even(double deviation) {
  return [=](double loss, Rng& rng) { return loss + deviation * rng.normal(); };
}

// The larger the loss, the larger the deviation: bad settings train unsteadily.
Noise growing(double floor, double share) {
  return [=](double loss, Rng& rng) {
    return loss + (floor + share * std::fabs(loss)) * rng.normal();
  };
}

// Mostly quiet; one trial in ten is spoilt upwards.
Noise spoilt(double deviation, double jump) {
  return [=](double loss, Rng& rng) {
    const double quiet = loss + deviation * rng.normal();
    return rng.uniform() < 0.1 ? quiet + jump * (1 + rng.uniform()) : quiet;
  };
}

// An error rate counted on so many rows.
Noise counted(double rows) {
  return [=](double loss, Rng& rng) {
    const double deviation = std::sqrt(std::fmax(loss * (1 - loss), 0) / rows);
    return std::round(rows * std::fmax(0, loss + deviation * rng.normal())) / rows;
  };
}

}  // namespace

std::vector<Problem> noisy_problems() {
  const Space branin_box({{"x", Float{-5, 10}}, {"y", Float{0, 15}}});
  const Space wide = cube(8, -5, 5);
  const Vector middle = {1.7, -2.2, 0.4, 3.1, -0.9, 2.5, -3.3, 1.1};
  const auto bowl = [=](const Vector& x) { return sphere(minus(x, middle)); };
  const auto error_rate = [](const Point& p) {
    return 0.03 + 0.9 * (1 - std::exp(-training_like(p)));
  };
  return {
      noisy("branin", branin_box, of_numbers(branin_box, branin), branin_minimum, even(2)),
      noisy("hartmann_6d", cube(6, 0, 1), of_numbers(cube(6, 0, 1), hartmann6), hartmann6_minimum,
            even(0.2)),
      noisy("bowl_8d", wide, of_numbers(wide, bowl), 0, growing(0.5, 0.2)),
      held_out(noisy("ackley_3d", cube(3, -13, 20), of_numbers(cube(3, -13, 20), ackley), 0,
                     spoilt(0.2, 8))),
      noisy("settings", training_like_space(), training_like, 0, growing(0.02, 0.2)),
      held_out(noisy("error_rate", training_like_space(), error_rate, 0.03, counted(300))),
  };
}

}  // namespace caviar::quality

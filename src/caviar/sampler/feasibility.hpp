// Where trials fail or break bounds on their outcomes: the probability that one does neither, by
// Gaussian processes of their own. The objective's model need not see either then, and an optimum
// beside a forbidden region keeps its shape (constraints learnt as they are met: Gelbart, Snoek and
// Adams, "Bayesian optimization with unknown constraints", UAI 2014).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "caviar/math/gaussian_process.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/sampler/observations.hpp"

namespace caviar {

// Something measured that must come to at least this value.
struct Demand {
  std::vector<double> points = {};  // unit vectors, row after row
  std::vector<double> values = {};  // one a row
  double least = 0;
  double softness = 0;        // variance added to the model's; 0: its noise
  double least_noise = 1e-7;  // of the model
};

// That no trial fails: of all rows; a loss that is NaN is a failure.
Demand no_failures(const Observations& seen);

// That each bound is kept, in their order: of the rows that measured it. Margins are drawn in by
// their logarithms on either side, so that they count most where they are small (Eriksson and
// Poloczek, "Scalable constrained Bayesian optimization", 2021: bilog).
std::vector<Demand> kept_bounds(const Observations& seen);

// The most probable kernel of each one's model; `bowl` and `warped` as in Learning. Cost: some
// dozen times rows³ each. Throws std::runtime_error where there is none.
std::vector<Kernel> kernels_of(const std::vector<Axis>& axes, std::span<const Demand> demands,
                               bool bowl = false);

class Feasibility {
 public:
  // One kernel a demand; a demand without rows is taken to be met everywhere. Running trials, unit
  // vectors, count as if they had come out as expected. Throws std::runtime_error where a model
  // cannot be computed.
  Feasibility(const std::vector<Axis>& axes, std::span<const Demand> demands,
              std::span<const Kernel> kernels, std::span<const double> pending = {});

  // The logarithm of the probability that all are met at each of the points, row after row.
  std::vector<double> logs(std::span<const double> points) const;
  // At one point; its derivative is added to the gradient.
  double log_at(std::span<const double> point, std::span<double> gradient) const;

 private:
  struct Wall {
    GaussianProcess model;
    double least, softness;
  };
  std::size_t axes_;
  std::vector<Wall> walls_;
};

// The acquisition plus the logarithm of the probability. Feasibility must outlive it.
Acquisition feasibly(Acquisition acquisition, const Feasibility& feasibility);

// The logarithm of the probability alone.
Acquisition probably_feasible(const Feasibility& feasibility);

}  // namespace caviar

// Where trials fail: the probability that one does not, by a Gaussian process of its own. The
// objective's model need not see failures then, and an optimum beside a region that fails keeps its
// shape (constraints learnt as they are met: Gelbart, Snoek and Adams, "Bayesian optimization with
// unknown constraints", UAI 2014).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "caviar/math/gaussian_process.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/sampler/observations.hpp"

namespace caviar {

class Feasibility {
 public:
  // From all rows; a loss that is NaN is a failure. Throws std::runtime_error where the model
  // cannot be computed.
  Feasibility(const std::vector<Axis>& axes, const Observations& seen, const Kernel& kernel);

  // The logarithm of the probability at each of the points, row after row.
  std::vector<double> logs(std::span<const double> points) const;
  // At one point; its derivative is added to the gradient.
  double log_at(std::span<const double> point, std::span<double> gradient) const;

 private:
  GaussianProcess model_;
};

// The most probable kernel of such a model. Cost: some dozen times rows³. Throws std::runtime_error
// where there is none.
Kernel kernel_of_failures(const std::vector<Axis>& axes, const Observations& seen);

// The acquisition plus the logarithm of the probability. Feasibility must outlive it.
Acquisition feasibly(Acquisition acquisition, const Feasibility& feasibility);

}  // namespace caviar

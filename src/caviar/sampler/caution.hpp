// Where a model must not lead: onto plateaus, and into regions that fail.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "caviar/sampler/feasibility.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/sampler/observations.hpp"
#include "caviar/sampler/plateaus.hpp"

namespace caviar {

class Caution {
 public:
  Caution() = default;
  // From all trials, those that failed included, which need a kernel: where there is none, they are
  // not modelled. Throws std::runtime_error where the model of failures cannot be computed.
  Caution(const std::vector<Axis>& axes, const Observations& seen,
          const std::optional<Kernel>& failures);

  // Whether the unit vector lies on a plateau.
  bool avoids(std::span<const double> unit) const;
  // The acquisition, times the probability of not failing (both are logarithms) where trials have
  // failed. This must outlive it.
  Acquisition heeded_by(Acquisition acquisition) const;

 private:
  std::vector<char> categorical_;
  std::vector<Plateau> plateaus_;
  std::optional<Feasibility> feasibility_;
};

}  // namespace caviar

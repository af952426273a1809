// Where a model must not lead: onto plateaus, and into regions that fail or break bounds.
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
  // not modelled. `bounds`: a kernel for each. Throws std::runtime_error where a model cannot be
  // computed.
  Caution(const std::vector<Axis>& axes, const Observations& seen,
          const std::optional<Kernel>& failures, std::span<const Kernel> bounds);

  // Whether the unit vector lies on a plateau.
  bool avoids(std::span<const double> unit) const;
  // The acquisition, times the probability of not failing, where trials have failed, and that of
  // keeping all bounds (all are logarithms). This must outlive it.
  Acquisition heeded_by(Acquisition acquisition) const;
  // The former alone.
  Acquisition but_for_failures(Acquisition acquisition) const;
  // These probabilities alone, where there are bounds.
  Acquisition without_gain() const;

 private:
  std::vector<char> categorical_;
  std::vector<Plateau> plateaus_;
  std::optional<Feasibility> failures_, bounds_;
};

}  // namespace caviar

// When a search has done enough, as its history tells: the rules among the limits that look at what
// trials came to. The same history gives the same answer, so several threads and programs agree.
#pragma once

#include <cstdint>
#include <optional>

#include "caviar/sampler/sampler.hpp"
#include "caviar/study/optimize.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

class Stopping {
 public:
  Stopping(const Limits& limits, const SearchSpec& search);

  // Why no further trial is to be started; nullopt where one is.
  std::optional<Ending> met(const History& history);
  // Of the next trial, as last estimated; nullopt where that was not asked for or not possible.
  std::optional<double> expected_gain() const { return gain_; }

 private:
  bool is_target_met(const History& history) const;

  std::optional<double> target_, least_gain_, gain_;
  std::optional<int> patience_;
  double improvement_;
  int runs_;                         // of a configuration, before its values are no luck
  std::uint64_t seed_, digest_ = 0;  // of the history that the gain was estimated from
};

// Trials that ended since the last one that improved the best by at least `improvement`; of several
// objectives since the last one that joined the front as it was then. From the first solution on.
int trials_without_improvement(const History& history, double improvement);

}  // namespace caviar

// Running a sampler on a problem through a study, and what came of it.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>

#include "problem.hpp"

namespace caviar::quality {

inline constexpr std::array budgets = {25, 50, 100, 200};

struct RunSpec {
  const Problem* problem = nullptr;
  std::string sampler;
  std::uint64_t seed = 0;
  int pending = 1;  // trials asked for before the oldest is told
  int trials = 0;
};

struct Outcome {
  // After each budget that was reached, the loss without noise of the trial with the best report
  // so far; NaN where every trial failed.
  std::array<std::optional<double>, budgets.size()> losses;
  double seconds = 0;  // of asking and telling: the processor's
};

// Ask and tell on a study in memory. The same run gives the same losses. Where the sampler has no
// more to propose, the losses stay what they are.
Outcome execute(const RunSpec& run);

}  // namespace caviar::quality

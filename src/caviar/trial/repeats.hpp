// Configurations that ran several times, because what they come to is noisy.
#pragma once

#include <optional>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

inline constexpr const char* again_note = "again";  // the first trial of the configuration

struct Repeated {
  std::vector<int> trials;  // that are solutions, in their order
  double mean = 0;          // of their losses
};

// Of one objective: every configuration that has a solution, in the order of the first ones.
std::vector<Repeated> configurations(const History& history);

// The configuration whose loss is expected to be lowest, once some ran several times.
//
// The posterior mean under normal noise and a normal prior, both measured on the trials: a mean of
// few runs is drawn towards that of all, the more so the noisier runs are (James and Stein 1961).
// So one lucky run does not beat three good ones. Where the trials do not tell configurations from
// noise, they are taken to differ by as much as could have been missed, and the deviation is no
// less than that of the mean of its runs.
struct BestOfRepeats {
  int trial = 0;         // the first of the configuration
  std::size_t runs = 0;  // of it
  double mean = 0;       // of these, in the user's sign
  double expected = 0;   // posterior mean, in the user's sign
  double deviation = 0;  // of the posterior
};
std::optional<BestOfRepeats> best_of_repeats(const History& history);

// What a study recommends, wherever that is shown: the best configuration where some ran several
// times, otherwise the best trial; nullopt where none is a solution.
struct Recommendation {
  const Trial* trial = nullptr;  // the first of the configuration; lives as long as the history
  std::vector<double> values;    // one an objective, in the user's sign; the mean of its runs
  std::size_t runs = 1;
};
std::optional<Recommendation> recommendation(const History& history);
// Its trial; nullptr where there is none.
const Trial* recommended(const History& history);

}  // namespace caviar

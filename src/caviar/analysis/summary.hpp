// A study in a few numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

struct Summary {
  std::size_t trials = 0;
  std::size_t complete = 0, pruned = 0, failed = 0, running = 0, interrupted = 0;
  std::optional<int> best;    // the number of the best trial
  double elapsed_s = 0;       // from the first trial asked for to the last one ended
  double trials_s = 0;        // sum of the durations of ended trials
  double median_trial_s = 0;  // of complete trials; 0 where there are none
};

Summary summarise(const History& history);

// Under a budget only what spent all of it is compared. Says where that is not the whole truth: no
// trial has spent it all yet, or one that waits at less is better than the best; "" else. `of`:
// what is spent, such as epochs.
std::string unfinished_text(const History& history, const std::string& of);

// The best value known after each trial, by trial number; NaN before the first complete one.
std::vector<double> best_so_far(const History& history);

}  // namespace caviar

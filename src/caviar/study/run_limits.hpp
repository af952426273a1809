// When a run has done enough, as it sees it itself: its own time, and how many of its trials failed
// in a row. What the history tells, stopping.hpp judges.
#pragma once

#include <chrono>
#include <optional>

#include "caviar/study/optimize.hpp"
#include "caviar/trial/trial.hpp"

namespace caviar {

class RunLimits {
 public:
  explicit RunLimits(const Limits& limits);  // the time begins

  bool out_of_time() const;  // also while another thread calls ended()
  std::optional<Ending> met() const;
  void ended(TrialState state);  // a trial of this run

 private:
  std::optional<double> time_s_;
  std::optional<int> max_failed_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int failed_in_a_row_ = 0;
};

}  // namespace caviar

#include "caviar/study/run_limits.hpp"

namespace caviar {

RunLimits::RunLimits(const Limits& limits)
    : time_s_(limits.time_s), max_failed_(limits.max_failed) {}

bool RunLimits::out_of_time() const {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  return time_s_ && passed.count() >= *time_s_;
}

std::optional<Ending> RunLimits::met() const {
  if (out_of_time()) return Ending::time;
  if (max_failed_ && failed_in_a_row_ >= *max_failed_) return Ending::failing;
  return std::nullopt;
}

void RunLimits::ended(TrialState state) {
  failed_in_a_row_ = state == TrialState::failed ? failed_in_a_row_ + 1 : 0;
}

}  // namespace caviar

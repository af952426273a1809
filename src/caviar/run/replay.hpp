// What was done to a run, as steps that another training of the same takes at the same moments.
#pragma once

#include <string>
#include <vector>

#include "caviar/run/record.hpp"

namespace caviar {

struct ReplayStep {
  enum class Kind { snapshot, steer, roll_back, stop };
  Kind kind = Kind::steer;
  RunMoment at;
  bool diverged = false;  // roll_back: at the moment where the training could not go on
  std::string train;      // steer, roll_back: the settings from then on, as JSON
  int snapshot = -1;      // that is taken, or gone back to; −1: the start
};

// In order. Only snapshots that something goes back to.
std::vector<ReplayStep> steps_of(const RunRecord& record);

// The first epoch of which both know the losses and say something else, for people; "": they agree
// to the bit in all epochs that the record has.
std::string difference(const RunRecord& record, const RunRecord& replay);

}  // namespace caviar

// Each trial of a command has a folder of its own: FOLDER/NUMBER with log.txt, parameters.json and
// checkpoint/.
#pragma once

#include <string>

#include "caviar/space/point.hpp"

namespace caviar {

struct TrialFolder {
  std::string path, log, parameters, result, checkpoint;
};

TrialFolder trial_folder(const std::string& all, int trial);

// Makes the folder and writes the parameters. What an earlier study of that name left in their
// place is taken away. Throws Error{io}.
void make_trial_folder(const TrialFolder& folder, const Point& point);

// The checkpoints of a trial that was interrupted go on as those of the trial that repeats it.
void take_over_checkpoint(const TrialFolder& from, const TrialFolder& to);

}  // namespace caviar

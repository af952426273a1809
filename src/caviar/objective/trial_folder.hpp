// Each trial of a command has a folder of its own: FOLDER/NUMBER with log.txt, parameters.json and
// checkpoint/.
#pragma once

#include <string>

#include "caviar/trial/trial.hpp"

namespace caviar {

struct TrialFolder {
  std::string path, log, parameters, result, checkpoint;
};

// Where the trials of a study of that name have their folders, if nothing else is said.
std::string trials_folder(const std::string& study);

TrialFolder trial_folder(const std::string& all, int trial);

// Makes the folder with an empty checkpoint/ and writes the parameters. What an earlier study of
// that name left in their place is taken away. Throws Error{io}.
void make_trial_folder(const TrialFolder& folder, const Point& point);

// Puts into the fresh folder the checkpoints that the trial begins with: those of the interrupted
// trial that it repeats, which are moved, or else a copy of those of the trial that it continues.
// Whole or not at all, whenever this program is killed. Throws Error{io}.
void take_over_checkpoint(const std::string& all, const Note& note, const TrialFolder& to);

}  // namespace caviar

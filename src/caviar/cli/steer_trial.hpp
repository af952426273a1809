// What a person wants of a running trial of a study: said in the study, or to its run.
#pragma once

#include "caviar/cli/trial_choice.hpp"
#include "caviar/run/inbox.hpp"

namespace caviar::cli {

// Prints what came of it; returns the exit code. Throws Error with the reason where it cannot be.
int ask_trial(const ChosenTrial& trial, const RunRequest& request);

}  // namespace caviar::cli

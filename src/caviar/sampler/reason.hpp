// Why a trial was proposed, in words for people.
#pragma once

#include <string>

#include "caviar/trial/trial.hpp"

namespace caviar {

// From the method that made it (`by`) and what that noted: "a close look at the neighbourhood of
// the best trial". Empty where nothing is known of the method.
std::string reason(const Trial& trial);

}  // namespace caviar

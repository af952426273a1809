// Why a trial was proposed, in words for people.
#pragma once

#include <string>

#include "caviar/trial/trial.hpp"

namespace caviar {

// Notes of a proposal that are told of in words.
inline constexpr const char* auto_note = "auto";          // the number of the rule
inline constexpr const char* replaced_note = "replaced";  // of a population: whose place it took

// From the method that made it (`by`), what that noted, and the rule by which `auto` chose it:
// "the model's turn: a close look at the neighbourhood of the best trial". Empty where nothing is
// known of the method.
std::string reason(const Trial& trial);

}  // namespace caviar

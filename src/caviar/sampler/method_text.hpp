// A method and its options as one word, as a command line has them.
#pragma once

#include <string>

#include "caviar/sampler/sampler.hpp"

namespace caviar {

// "gp" or "gp:acquisition=thompson:startup=5": the method, then its options as in a study file.
// Throws Error{input} on an option without a name or a value; names and values are checked by
// make_sampler.
SearchSpec parse_method(const std::string& text);

}  // namespace caviar

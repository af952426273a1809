// "learning_rate=0.01": configurations as a person types them.
#pragma once

#include <span>
#include <string>

#include "caviar/space/space.hpp"

namespace caviar {

// The words as a configuration of the space: every active parameter once. Throws Error{input}.
Point parse_settings(const Space& space, std::span<const std::string> words);

// The same for some of the parameters only.
Point parse_some_settings(const Space& space, std::span<const std::string> words);

// One word for one parameter, so that `value` lies in it. Throws Error{input}.
Value parse_setting(const Parameter& parameter, const std::string& text);

}  // namespace caviar

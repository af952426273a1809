// What several commands share in reading options and printing.
#pragma once

#include <string>

#include "caviar/base/json_fwd.hpp"

namespace caviar::cli {

// The one document of --json: indented, a line's end after it.
void print_json(const Json& json);

// The value, where it is at least 1; Error{input} otherwise, naming the option.
int at_least_one(const std::string& option, int value);

}  // namespace caviar::cli

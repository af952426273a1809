// The JSON value that caviar writes: keys keep their order. Only .cpp files include this header;
// others name Json through json_fwd.hpp.
#pragma once

#include <nlohmann/json.hpp>

#include "caviar/base/json_fwd.hpp"

namespace caviar {

// A double as JSON, which has no NaN or infinity: those become the texts "nan", "inf", "-inf".
Json json_number(double value);
// The same, a whole number as an integer (9 rather than 9.0): for epochs and the like.
Json json_whole_or_number(double value);
// And back: a number or one of these texts; throws Error otherwise.
double json_to_double(const Json& value);

}  // namespace caviar

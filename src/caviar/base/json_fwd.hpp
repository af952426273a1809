// Json by name only, for headers: the full header costs seconds of compile time in every file.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace caviar {

using Json = nlohmann::ordered_json;

}  // namespace caviar

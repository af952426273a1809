// Configurations of which a person has fixed some parameters, and the method proposes the rest.
#pragma once

#include <optional>
#include <string>

#include "caviar/base/rng.hpp"
#include "caviar/space/space.hpp"
#include "caviar/trial/trial.hpp"

namespace caviar {

// Every parameter that exists in it has a value, and there is none that the space does not know.
bool is_complete(const Space& space, const Point& point);

// What is given, and for every other parameter what `rest` has for it, or chance where that does
// not exist there or breaks a constraint. Parameters on which a given one depends are chosen so
// that it exists, as long as chance finds a way.
Proposal completed(const Space& space, const Proposal& given, const Proposal& rest, Rng& rng);

// Why no configuration can have all that is given, for people; nullopt where there is one.
std::optional<std::string> contradiction(const Space& space, const Point& given);

}  // namespace caviar

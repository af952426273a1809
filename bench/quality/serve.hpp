// The suite for programs in other languages: a line of JSON asks, a line answers.
//
//   {"list": true}           → {"problems": [{"name", "family", "held_out", "best", "space"}, …]}
//   {"problem": NAME, "seed": 1, "trial": 0, "point": {…}}
//                            → {"report": …, "loss": …}       both null where the trial fails
//                            → {"infeasible": true}           a constraint is broken
//   anything wrong           → {"error": "…"}
#pragma once

#include <iosfwd>

namespace caviar::quality {

// Until `in` ends. `report` is what a method may see, `loss` what it is judged by.
void serve(std::istream& in, std::ostream& out);

}  // namespace caviar::quality

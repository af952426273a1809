// A study of several objectives as one of a single loss, for pruners.
#pragma once

#include "caviar/trial/history.hpp"

namespace caviar {

// The loss of a vector is its distance to the front of the complete trials: how much better it
// would have to become in every objective at once, in parts of the front's ranges, to be dominated
// by none of them (the additive epsilon indicator of Zitzler et al. 2003, equation 6); 0 on the
// front. Reports turn into distances, and values of complete trials; reports that lack an objective
// are left out. Trials keep numbers, states and notes; the space is empty. `members`: how many are
// on the front.
struct FrontView {
  History history;
  std::size_t members = 0;
};
FrontView front_view(const History& history);

}  // namespace caviar

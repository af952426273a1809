// The parts of a page's data that come straight from the trials. page_data.hpp says how they look.
#pragma once

#include "caviar/base/json_fwd.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

Json parameters_json(const Space& space);
Json trials_json(const History& history);
// The column of one objective's values; null where a trial has none.
Json objective_json(const History& history, std::size_t objective);
// The regions of a search that zooms, from its proposals' notes: "round", "box.<parameter>.low".
Json boxes_json(const History& history);
// Learning curves of at most `most` trials, the better half and others evenly, thinned to at most
// 200 steps each; and how many trials have one.
Json curves_json(const History& history, std::size_t most);
std::size_t curves_in_all(const History& history);

// Rounded to some significant digits, for it is drawn or shown shortened; texts where not finite.
Json short_number(double value, int digits = 6);

}  // namespace caviar

// The log as a search may learn from it. What a trial came to after somebody changed its parameters
// while it ran is not the worth of the configuration that was proposed: such a trial counts as one
// that was stopped at that moment. What it had reported until then counts, its value does not.
#pragma once

#include <optional>
#include <set>

#include "caviar/trial/event.hpp"

namespace caviar {

class Untouched {
 public:
  // Events of a log in their order: as the search may see it; nullopt: not at all.
  std::optional<Event> seen(const Event& event);

 private:
  std::set<int> touched_;
};

bool is_change(const Event& event);  // of a running trial's parameters

}  // namespace caviar

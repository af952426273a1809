// The history as it would be if trials ended in the order of their numbers, `window` of them at
// once: what trial n may be proposed from is then the same however the timing falls.
#pragma once

#include <vector>

#include "caviar/trial/history.hpp"
#include "caviar/trial/untouched.hpp"

namespace caviar {

class OrderedHistory {
 public:
  OrderedHistory(Space space, Goal goal, int window)
      : history_(std::move(space), std::move(goal)), window_(window) {}

  void take(const Event& event);  // the events of the log, in their order

  // What trial `next`, the first that is not asked yet, is proposed from: of the trials before it,
  // those up to next − window have ended, the later ones run. nullptr while one of the former still
  // does. Valid until the next call of either.
  const History* before(int next);

 private:
  struct Told {
    std::vector<Event> events;  // reports and the end
    bool ended = false;
  };

  void tell(const Event& event);

  History history_;
  Untouched untouched_;
  int window_;
  std::vector<Event> asked_;  // by trial
  std::vector<Told> told_;    // by trial
  int applied_ = 0;           // trials whose Asked is in the history
  int settled_ = 0;           // trials whose end is
};

}  // namespace caviar

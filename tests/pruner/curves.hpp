// Histories of reported curves, and what a pruner says to one more.
#pragma once

#include <string>
#include <vector>

#include "caviar/pruner/pruner.hpp"

namespace caviar {

inline Pruner pruner(const std::string& json) {
  return make_pruner(Node::parse_json(json, "test"));
}

// Trials that are complete, each with these reports from step 1 on.
inline History complete(const std::vector<std::vector<double>>& curves, Goal goal = {}) {
  History history(Space({{"x", Float{0, 1}}}), std::move(goal));
  for (std::size_t n = 0; n < curves.size(); ++n) {
    const int trial = static_cast<int>(n);
    history.apply(Asked{trial, {Point{{"x", 0.5}}, "", {}}, "", {}, 1});
    for (std::size_t step = 0; step < curves[n].size(); ++step) {
      history.apply(Reported{trial, {static_cast<std::int64_t>(step) + 1, curves[n][step]}, 1});
    }
    Ended ended;
    ended.trial = trial;
    ended.values = {curves[n].empty() ? 0 : curves[n].back()};
    history.apply(ended);
  }
  return history;
}

// What the pruner says to a new trial with these reports.
inline Flow judge(const Pruner& pruner, History history, const std::vector<double>& reports) {
  const int trial = static_cast<int>(history.trials().size());
  history.apply(Asked{trial, {Point{{"x", 0.5}}, "", {}}, "", {}, 1});
  for (std::size_t step = 0; step < reports.size(); ++step) {
    history.apply(Reported{trial, {static_cast<std::int64_t>(step) + 1, reports[step]}, 1});
  }
  return pruner(history, history.trials().back());
}

}  // namespace caviar

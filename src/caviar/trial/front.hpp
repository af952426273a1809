// Which trials are solutions, and which of them no other beats in everything: the Pareto front.
#pragma once

#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

// Of a complete trial: how far its outcome lies beyond the goal's bounds, each in parts of its
// limit; 0: it keeps them all. Infinite where a bounded metric was not measured.
double violation(const Goal& goal, const Trial& trial);

// The same of a trial that did not run to its end: what was not measured yet counts as kept.
double violation_so_far(const Goal& goal, const Trial& trial);

// How far within each bound, in the metric's own unit; below 0: beyond it; NaN: not measured.
std::vector<double> margins(const Goal& goal, const Trial& trial);

// Complete, within all bounds, and of the space as it is now.
bool is_solution(const Goal& goal, const Trial& trial);

// Of a complete trial, one an objective.
std::vector<double> losses(const Goal& goal, const Trial& trial);

// Losses in lexicographic order: the first objective decides, the next ones where it is equal.
bool better(const Goal& goal, const Trial& a, const Trial& b);

// The numbers of the solutions that no other dominates (is at least as good in every objective and
// better in one), from the best first loss on. Of equal ones all. With one objective: the best.
std::vector<int> pareto_front(const History& history);

}  // namespace caviar

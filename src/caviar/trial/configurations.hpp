// Trials with budgets as what they are trials of: configurations, compared at one budget. Numbers
// of different budgets are never mixed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

// What trials may spend, ascending, the full budget last; empty where no trial has a budget.
std::vector<double> budgets_of(const History& history);

// The highest of the budgets (ascending, the full one last) at which at least `enough` trials were
// judged; where there is none, the one with the most.
double comparable_budget(const History& history, std::span<const double> budgets,
                         std::size_t enough);

// The configurations of the history as trials of a history of their own, in their order: with its
// loss at that budget, running, or saying nothing. Trials without a budget spent all of it.
History configurations_at(const History& history, double budget, double full);

}  // namespace caviar

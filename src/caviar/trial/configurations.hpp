// Trials with budgets as what they are trials of: configurations.
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

// What a trial spends: the whole of it where it has no budget.
double budget_of(const Trial& trial, double full);

// Which trial each one goes back to: the first of its configuration. By number; -1: interrupted.
std::vector<int> first_trials(const History& history);

// The configurations of the history as trials of a history of their own, in their order: ended as
// the first of these endings of any of its trials says, running, or saying nothing.
History configurations_ended(const History& history, std::span<const Ended> endings);

// The same, each with what it came to at that budget: numbers of different ones are never mixed.
History configurations_at(const History& history, double budget, double full);

}  // namespace caviar

#include "caviar/trial/configurations.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace caviar {
namespace {

bool was_judged(const Trial& trial) {
  return trial.state == TrialState::failed ||
         (trial.finished() && trial.state != TrialState::interrupted && !trial.values.empty());
}

}  // namespace

std::vector<double> budgets_of(const History& history) {
  std::set<double> budgets;
  for (const Trial& trial : history.trials()) {
    for (const char* key : {budget_note, full_budget_note}) {
      if (const std::optional<double> budget = number_in(trial.note, key)) budgets.insert(*budget);
    }
  }
  return {budgets.begin(), budgets.end()};
}

double comparable_budget(const History& history, std::span<const double> budgets,
                         std::size_t enough) {
  std::vector<std::size_t> judged(budgets.size(), 0);
  for (const Trial& trial : history.trials()) {
    if (!was_judged(trial)) continue;
    const auto found = std::ranges::find(budgets, budget_of(trial, budgets.back()));
    if (found != budgets.end()) ++judged[static_cast<std::size_t>(found - budgets.begin())];
  }
  for (std::size_t at = budgets.size(); at-- > 0;) {
    if (judged[at] >= enough) return budgets[at];
  }
  return budgets[static_cast<std::size_t>(std::ranges::max_element(judged) - judged.begin())];
}

double budget_of(const Trial& trial, double full) {
  return number_in(trial.note, budget_note).value_or(full);
}

std::vector<int> first_trials(const History& history) {
  std::vector<int> first(history.trials().size(), -1);
  for (const Trial& trial : history.trials()) {
    if (trial.state == TrialState::interrupted) continue;
    const std::optional<int> parent = parent_of(trial.note);
    const bool known = parent && *parent >= 0 && *parent < trial.number;
    const auto number = static_cast<std::size_t>(trial.number);
    first[number] = known ? first[static_cast<std::size_t>(*parent)] : trial.number;
  }
  return first;
}

History configurations_ended(const History& history, std::span<const Ended> endings) {
  History view(history.space(), history.goal());
  for (const auto& taught : history.lessons()) view.apply(*taught);
  const std::vector<int> first = first_trials(history);
  std::vector<int> place(first.size(), -1);  // of a configuration's first trial among all of them
  std::vector<char> busy;
  for (const Trial& trial : history.trials()) {
    const int origin = first[static_cast<std::size_t>(trial.number)];
    if (origin < 0) continue;
    int& own = place[static_cast<std::size_t>(origin)];
    if (origin == trial.number) {
      own = static_cast<int>(busy.size());
      busy.push_back(0);
      view.apply(Asked{own, {trial.point, trial.by, trial.note}, {}, trial.ticket, 0});
    }
    if (!trial.finished()) busy[static_cast<std::size_t>(own)] = 1;
  }
  for (Ended ended : endings) {
    const int origin = first[static_cast<std::size_t>(ended.trial)];
    if (origin < 0) continue;
    ended.trial = place[static_cast<std::size_t>(origin)];
    view.apply(std::move(ended));
  }
  const std::vector<int> left(view.pending().begin(), view.pending().end());
  for (const int number : left) {
    if (busy[static_cast<std::size_t>(number)] != 0) continue;
    Ended silent;
    silent.trial = number;
    silent.state = TrialState::pruned;  // without a value: it was tried, and says nothing here
    view.apply(std::move(silent));
  }
  return view;
}

History configurations_at(const History& history, double budget, double full) {
  std::vector<Ended> endings;
  for (const auto& ending : history.endings()) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(ending.trial)];
    if (!was_judged(trial) || budget_of(trial, full) != budget) continue;
    Ended ended;
    ended.trial = trial.number;
    ended.state = trial.state == TrialState::failed ? trial.state : TrialState::complete;
    ended.values = trial.values;
    ended.metrics = trial.metrics;
    endings.push_back(std::move(ended));
  }
  return configurations_ended(history, endings);
}

}  // namespace caviar

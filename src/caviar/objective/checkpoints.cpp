#include "caviar/objective/checkpoints.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>

#include "caviar/objective/trial_folder.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

double budget_spent(const Trial& trial) {
  return number_in(trial.note, budget_note).value_or(std::numeric_limits<double>::infinity());
}

double loss_told(const History& history, const Trial& trial) {
  return trial.values.empty() ? std::numeric_limits<double>::infinity() : history.loss(trial);
}

void add_references(std::set<int>& needed, const Note& note) {
  for (const char* key : {continues_note, repeats_note}) {
    if (const std::optional<double> number = number_in(note, key)) {
      needed.insert(static_cast<int>(*number));
    }
  }
}

// What runs, or waits to run again, and where it begins.
std::set<int> in_use(const History& history) {
  std::set<int> needed;
  for (const int number : history.pending()) {
    needed.insert(number);
    add_references(needed, history.trials()[static_cast<std::size_t>(number)].note);
  }
  for (const History::Ticket& ticket : history.queue()) add_references(needed, ticket.note);
  return needed;
}

bool is_of_population(const Trial& trial) { return trial.note.contains(member_note); }

// Rungs of a population whose next one is done: by budget, how many have a larger one.
std::set<double> rungs_done(const History& history) {
  std::map<double, std::pair<int, int>> at;  // begun, ended
  for (const Trial& trial : history.trials()) {
    if (!is_of_population(trial) || trial.state == TrialState::interrupted) continue;
    auto& [begun, ended] = at[budget_spent(trial)];
    ++begun;
    ended += trial.finished() ? 1 : 0;
  }
  std::set<double> done;
  for (auto rung = at.begin(); rung != at.end() && std::next(rung) != at.end(); ++rung) {
    if (std::next(rung)->second.second == rung->second.first) done.insert(rung->first);
  }
  return done;
}

// Those that a finished trial continues to its end.
std::set<int> continued(const History& history) {
  std::set<int> parents;
  for (const Trial& trial : history.trials()) {
    const std::optional<int> parent = parent_of(trial.note);
    if (parent && trial.finished() && trial.state != TrialState::interrupted) {
      parents.insert(*parent);
    }
  }
  return parents;
}

std::vector<const Trial*> best_first(const History& history) {
  std::vector<const Trial*> complete;
  for (const Trial& trial : history.trials()) {
    if (trial.state == TrialState::complete) complete.push_back(&trial);
  }
  std::ranges::stable_sort(complete, {}, [&](const Trial* t) { return loss_told(history, *t); });
  return complete;
}

std::uint64_t bytes_in(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code ended;
  for (auto at = fs::recursive_directory_iterator(folder, ended);
       !ended && at != fs::recursive_directory_iterator(); at.increment(ended)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored) && !at->is_symlink(ignored)) {
      const std::uintmax_t size = at->file_size(ignored);
      if (!ignored) bytes += size;
    }
  }
  return bytes;
}

}  // namespace

std::vector<int> not_needed(const History& history, const CheckpointRules& rules) {
  if (!rules.budgets) return {};
  const std::set<int> used = in_use(history), parents = continued(history);
  const std::set<double> done = rungs_done(history);
  std::set<int> best;
  for (const Trial* trial : best_first(history)) {
    if (best.size() < rules.best) best.insert(trial->number);
  }
  std::vector<int> numbers;
  for (const Trial& trial : history.trials()) {
    if (!trial.finished() || used.contains(trial.number) || best.contains(trial.number)) continue;
    const bool partial =
        is_partial(trial.note) && !trial.values.empty() && trial.state == TrialState::pruned;
    const bool superseded = is_of_population(trial) ? done.contains(budget_spent(trial))
                                                    : parents.contains(trial.number);
    if (!partial || superseded) numbers.push_back(trial.number);
  }
  return numbers;
}

std::vector<int> in_order_of_going(const History& history) {
  const std::set<int> used = in_use(history);
  std::vector<int> numbers;
  const std::vector<const Trial*> complete = best_first(history);
  for (std::size_t i = complete.size(); i-- > 1;) numbers.push_back(complete[i]->number);
  std::vector<const Trial*> others;
  for (const Trial& trial : history.trials()) {
    if (trial.finished() && trial.state != TrialState::complete) others.push_back(&trial);
  }
  std::ranges::stable_sort(others, {}, [&](const Trial* trial) {
    return std::pair(budget_spent(*trial), -loss_told(history, *trial));
  });
  for (const Trial* trial : others) numbers.push_back(trial->number);
  std::erase_if(numbers, [&](int number) { return used.contains(number); });
  return numbers;
}

void Checkpoints::sweep(Study& study) {
  const std::scoped_lock lock(mutex_);
  const History history = study.history();
  for (const Trial& trial : history.trials()) {
    const bool left = trial.freed_bytes && gone_.insert(trial.number).second;
    std::error_code ignored;
    if (left) fs::remove_all(trial_folder(folder_, trial.number).checkpoint, ignored);
  }
  for (const int number : not_needed(history, rules_)) remove(study, number);
  if (!rules_.bytes) return;
  std::uint64_t bytes = 0;
  for (const Trial& trial : history.trials()) bytes += bytes_of(trial);
  for (const int number : in_order_of_going(history)) {
    if (bytes <= *rules_.bytes) return;
    bytes -= std::min(bytes, bytes_of(history.trials()[static_cast<std::size_t>(number)]));
    remove(study, number);
  }
}

void Checkpoints::remove(Study& study, int trial) {
  if (!gone_.insert(trial).second) return;
  const std::string folder = trial_folder(folder_, trial).checkpoint;
  const std::uint64_t bytes = bytes_in(folder);
  if (bytes > 0) study.free(trial, static_cast<std::int64_t>(bytes));
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

// Of one that runs they may grow; it is looked at anew each time.
std::uint64_t Checkpoints::bytes_of(const Trial& trial) {
  if (gone_.contains(trial.number)) return 0;
  const std::string folder = trial_folder(folder_, trial.number).checkpoint;
  if (!trial.finished()) return bytes_in(folder);
  const auto [known, fresh] = bytes_.try_emplace(trial.number, 0);
  if (fresh) known->second = bytes_in(folder);
  return known->second;
}

}  // namespace caviar

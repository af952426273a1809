// Asynchronous successive halving in its promoting form: whenever something is to run, the best of
// the highest budget that has not gone on yet goes on; where there is none, a new configuration
// begins. Hyperband spreads the configurations over halvings that begin at different budgets.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "caviar/sampler/budget.hpp"

namespace caviar {
namespace {

constexpr const char* bracket_note = "bracket";  // which rung it began at

// A configuration and the trials that continued it.
struct Line {
  std::size_t bracket = 0;
  int newest = -1;
  std::size_t rung = 0;                           // of the newest
  std::vector<std::optional<Standing>> standing;  // by rung; none where it was not judged
  bool busy = false;                              // the newest runs, or waits to run again
  bool over = false;                              // it cannot go on
};

struct Halving {
  std::vector<double> rungs;
  std::vector<double> factors;  // by rung: one in so many goes on
  std::vector<double> shares;   // up to which share of the configurations bracket b goes
  Sampler fresh;
};

void take(const History& history, const Trial& trial, Line& line) {
  line.newest = trial.number;
  line.busy = !trial.finished();
  if (line.busy) return;
  const bool told = !trial.values.empty();
  line.standing[line.rung] = standing_of(history, trial);
  // Who ended by itself stands at all higher rungs where it ended; so does who went to the top.
  line.over = !told || trial.state != TrialState::pruned || line.rung + 1 == line.standing.size();
  if (!line.over) return;
  std::fill(line.standing.begin() + static_cast<std::ptrdiff_t>(line.rung), line.standing.end(),
            line.standing[line.rung]);
}

std::vector<Line> lines_of(const Halving& o, const History& history) {
  std::vector<Line> lines;
  std::vector<int> line_of(history.trials().size(), -1);
  for (const Trial& trial : history.trials()) {
    if (trial.state == TrialState::interrupted) continue;
    const std::optional<int> parent = parent_of(trial.note);
    int& index = line_of[static_cast<std::size_t>(trial.number)];
    if (parent && *parent >= 0 && *parent < trial.number) {
      index = line_of[static_cast<std::size_t>(*parent)];
    }
    if (index < 0) {
      index = static_cast<int>(lines.size());
      const double bracket = number_in(trial.note, bracket_note).value_or(0);
      lines.push_back({.bracket = static_cast<std::size_t>(bracket),
                       .standing = std::vector<std::optional<Standing>>(o.rungs.size())});
    }
    Line& line = lines[static_cast<std::size_t>(index)];
    line.rung = rung_of(budget_of(trial, o.rungs.back()), o.rungs);
    take(history, trial, line);
  }
  for (const History::Ticket& ticket : history.queue()) {
    const std::optional<int> parent = parent_of(ticket.note);
    if (!parent || *parent < 0 || *parent >= static_cast<int>(line_of.size())) continue;
    const int index = line_of[static_cast<std::size_t>(*parent)];
    if (index >= 0) lines[static_cast<std::size_t>(index)].busy = true;
  }
  return lines;
}

// The best of those of a bracket at a rung that may go on: among the best there. Where
// nobody has gone on yet the best does, so that a study soon has something complete.
const Line* to_promote(const Halving& o, const std::vector<Line>& lines, std::size_t bracket,
                       std::size_t rung) {
  std::vector<std::pair<Standing, const Line*>> here;
  for (const Line& line : lines) {
    if (line.bracket != bracket || !line.standing[rung]) continue;
    here.emplace_back(*line.standing[rung], &line);
  }
  std::ranges::stable_sort(here, {}, &std::pair<Standing, const Line*>::first);
  const auto count = static_cast<double>(here.size());
  const bool first = std::ranges::none_of(
      lines, [&](const Line& line) { return line.bracket == bracket && line.rung > rung; });
  const auto allowed =
      static_cast<std::size_t>(std::max(first ? 1.0 : 0.0, std::floor(count / o.factors[rung])));
  for (std::size_t i = 0; i < std::min(allowed, here.size()); ++i) {
    const auto& [standing, line] = here[i];
    if (line->rung == rung && !line->busy && !line->over && std::isfinite(standing.loss))
      return line;
  }
  return nullptr;
}

std::optional<Proposal> promotion(const Halving& o, const History& history,
                                  const std::vector<Line>& lines) {
  for (std::size_t rung = o.rungs.size() - 1; rung-- > 0;) {
    for (std::size_t bracket = 0; bracket < o.shares.size(); ++bracket) {
      const Line* line = to_promote(o, lines, bracket, rung);
      if (line == nullptr) continue;
      const Trial& trial = history.trials()[static_cast<std::size_t>(line->newest)];
      return Proposal{trial.point,
                      trial.by,
                      {{continues_note, trial.number},
                       {budget_note, o.rungs[rung + 1]},
                       {full_budget_note, o.rungs.back()},
                       {bracket_note, static_cast<double>(bracket)}}};
    }
  }
  return std::nullopt;
}

// Configurations 0, 1, 2, … spread evenly: multiples of the golden ratio fill [0, 1) without gaps.
std::size_t bracket_of(const Halving& o, std::size_t configuration) {
  const double place = std::fmod(static_cast<double>(configuration) * 0.61803398874989485, 1.0);
  std::size_t bracket = 0;
  while (bracket + 1 < o.shares.size() && place >= o.shares[bracket]) ++bracket;
  return bracket;
}

// Bracket b begins at rung b. Hyperband gives each about the same budget in all (Li et al. 2018,
// algorithm 1, whose brackets count downwards).
std::vector<double> shares_of(const Budget& budget, std::size_t rungs) {
  if (budget.method != "hyperband") return {1};
  std::vector<double> shares;
  double sum = 0;
  for (std::size_t b = 0; b < rungs; ++b) {
    const auto s = static_cast<double>(rungs - 1 - b);
    sum += std::ceil(static_cast<double>(rungs) / (s + 1) * std::pow(budget.factor, s));
    shares.push_back(sum);
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

Sampler halving(const Budget& budget, Sampler fresh) {
  const std::vector<double> rungs = rungs_of(budget);
  const Halving o{rungs, factors_of(budget), shares_of(budget, rungs.size()), std::move(fresh)};
  return [o](const History& history, Rng& rng) -> std::optional<Proposal> {
    const std::vector<Line> lines = lines_of(o, history);
    if (std::optional<Proposal> next = promotion(o, history, lines)) return next;
    std::optional<Proposal> proposal = o.fresh(history, rng);
    if (!proposal) return std::nullopt;
    const std::size_t bracket = bracket_of(o, lines.size());
    proposal->note[budget_note] = o.rungs[bracket];
    proposal->note[full_budget_note] = o.rungs.back();
    proposal->note[bracket_note] = static_cast<double>(bracket);
    return proposal;
  };
}

}  // namespace caviar

#include "caviar/pruner/front_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "caviar/trial/front.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using Losses = std::vector<double>;

Losses losses_of(const Goal& goal, const Report& report) {
  Losses result = {loss_of(goal, report)};
  for (std::size_t k = 1; k < goal.objectives(); ++k) {
    const bool told = k - 1 < report.others.size();
    result.push_back(told ? goal.loss(report.others[k - 1], k) : std::nan(""));
  }
  return result;
}

// From the best to the worst of each objective.
std::vector<double> spans_of(std::span<const Losses> rows, std::size_t objectives) {
  std::vector<double> spans;
  for (std::size_t k = 0; k < objectives; ++k) {
    double low = infinity, high = -infinity;
    for (const Losses& row : rows) {
      low = std::min(low, row[k]);
      high = std::max(high, row[k]);
    }
    spans.push_back(high / 2 - low / 2);  // halves keep it finite
  }
  return spans;
}

class Distance {
 public:
  explicit Distance(const History& history) {
    const Goal& goal = history.goal();
    std::vector<Losses> all;
    for (const Trial& trial : history.trials()) {
      if (is_solution(goal, trial)) all.push_back(losses(goal, trial));
    }
    for (const int number : pareto_front(history)) {
      front_.push_back(losses(goal, history.trials()[static_cast<std::size_t>(number)]));
    }
    spans_ = spans_of(front_, goal.objectives());
    const std::vector<double> wide = spans_of(all, goal.objectives());
    for (std::size_t k = 0; k < spans_.size(); ++k) {
      if (!(spans_[k] > 0)) spans_[k] = wide[k] > 0 ? wide[k] : 1;  // a front of one
    }
  }

  double operator()(const Losses& row) const {
    double furthest = -infinity;
    for (const Losses& member : front_) {
      double least = infinity;
      for (std::size_t k = 0; k < row.size(); ++k) {
        const double behind = (row[k] / 2 - member[k] / 2) / spans_[k];
        least = std::min(least, behind);
      }
      furthest = std::max(furthest, least);
    }
    return furthest;
  }

  std::size_t members() const { return front_.size(); }

 private:
  std::vector<Losses> front_;
  std::vector<double> spans_;
};

}  // namespace

FrontView front_view(const History& history) {
  const Goal& goal = history.goal();
  const Distance distance(history);
  FrontView view{History(Space(), Goal()), distance.members()};
  for (const Trial& trial : history.trials()) {
    view.history.apply(Asked{trial.number, {Point(), trial.by, trial.note}, "", {}, 0});
    for (const Report& report : trial.reports) {
      const Losses row = losses_of(goal, report);
      if (std::ranges::any_of(row, [](double loss) { return std::isnan(loss); })) continue;
      view.history.apply(Reported{trial.number, {report.step, distance(row)}, 0});
    }
  }
  for (const History::Ending& ending : history.endings()) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(ending.trial)];
    Ended ended;
    ended.trial = trial.number;
    ended.state = trial.state;
    if (trial.state == TrialState::complete) {
      // Beyond the bounds it is no solution, and not to be led by.
      const bool counts = is_solution(goal, trial);
      ended.values = {counts ? distance(losses(goal, trial)) : infinity};
    }
    view.history.apply(ended);
  }
  return view;
}

}  // namespace caviar

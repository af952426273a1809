#include "caviar/sampler/cma_fold.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "caviar/sampler/cells.hpp"
#include "caviar/sampler/hunches.hpp"
#include "caviar/sampler/ledger.hpp"

namespace caviar {
namespace {

constexpr std::uint64_t most_cells_kept_moving =
    4096;                                 // beyond that an axis is as good as continuous
constexpr double least_deviation = 1e-9;  // of a draw: the run has come to rest
constexpr double least_range = 1e-12;     // of the losses, relative

double noted(const Note& note, const std::string& key, double otherwise) {
  const auto found = note.find(key);
  return found == note.end() ? otherwise : found->second;
}

CmaRun run_of(const Note& note) {
  return {static_cast<int>(noted(note, "run", -1)), static_cast<int>(noted(note, "population", 0)),
          static_cast<std::size_t>(noted(note, "from", 0))};
}

bool belongs(const Trial& trial) { return trial.by == "cmaes" && trial.note.contains("run"); }

// The best of what had ended when the run started; nullptr where nothing had.
const Trial* best_of_first(const History& history, std::size_t endings) {
  const Trial* best = nullptr;
  double least = INFINITY;
  for (const auto& ending : history.endings().first(std::min(endings, history.endings().size()))) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(ending.trial)];
    const double loss = outcome(history, trial).value_or(INFINITY);
    if (loss < least) {
      least = loss;
      best = &trial;
    }
  }
  return best;
}

// NaN where nobody has a hunch.
std::vector<double> believed_places(const Space& space) {
  std::vector<double> unit = expected_middle(space);
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (!space[i].hunch) unit[i] = std::nan("");
  }
  return unit;
}

bool same_place(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

CmaFold::CmaFold(const Space& space, std::uint64_t seed, double sigma)
    : seed_(seed), sigma_(sigma) {
  read(space);
}

void CmaFold::read(const Space& space) {
  size_ = space.size();
  numeric_.clear();
  edges_.assign(size_, {});
  choices_.assign(size_, 0);
  believed_ = believed_places(space);
  for (std::size_t i = 0; i < size_; ++i) {
    if (is_categorical(space[i].distribution)) {
      choices_[i] = static_cast<int>(*cardinality(space[i].distribution));
      continue;
    }
    numeric_.push_back(i);
    edges_[i] = cell_edges(space[i].distribution, most_cells_kept_moving);
  }
}

int CmaFold::usual_population() const {
  return CmaEs::usual_population(std::max<std::size_t>(1, numeric_.size()));
}

void CmaFold::follow(const History& history) {
  const auto endings = history.endings();
  const bool continues =
      folded_ <= endings.size() && size_ == history.space().size() &&
      std::ranges::equal(believed_, believed_places(history.space()), same_place) &&
      (folded_ == 0 || endings[folded_ - 1].digest == digest_);
  if (!continues) {
    *this = CmaFold(history.space(), seed_, sigma_);
  }
  for (; folded_ < endings.size(); ++folded_) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(endings[folded_].trial)];
    const std::optional<double> loss = outcome(history, trial);
    if (loss && belongs(trial)) add(history, trial, *loss);
    digest_ = endings[folded_].digest;
  }
}

void CmaFold::add(const History& history, const Trial& trial, double loss) {
  const CmaRun run = run_of(trial.note);
  if (!state_ || run.number > state_->run.number) state_ = started(history, run);
  if (run.number < state_->run.number) return;  // late: its run is over
  (noted(trial.note, "small", 0) > 0 ? spent_small_ : spent_large_) += 1;
  state_->rows.push_back(row_of(history.space(), trial, loss));
  if (static_cast<int>(state_->rows.size()) >= state_->core.population()) advance(*state_);
}

// The first run starts at the best trial that there is, or where a person believes the best to be,
// or in the middle. Every further one starts anywhere; a small population also with a smaller first
// step (Hansen, "Benchmarking a BI-Population CMA-ES", 2009).
CmaFold::State CmaFold::started(const History& history, const CmaRun& run) const {
  std::vector<double> mean(std::max<std::size_t>(1, numeric_.size()), 0.5);
  const Trial* best = run.number == 0 ? best_of_first(history, run.from) : nullptr;
  const std::vector<double> nowhere(size_, std::nan(""));
  const std::vector<double>& start = best != nullptr   ? best->unit
                                     : run.number == 0 ? believed_
                                                       : nowhere;
  Rng rng(seed_, 0x434d41U + static_cast<std::uint64_t>(run.number));
  double sigma = best != nullptr ? 0.5 * sigma_ : sigma_;
  for (std::size_t k = 0; k < numeric_.size(); ++k) {
    const double at = start[numeric_[k]];
    if (!std::isnan(at)) mean[k] = at;
  }
  if (run.number > 0) {
    for (double& x : mean) x = rng.uniform();
    if (run.population <= usual_population()) sigma *= std::pow(10, -2 * rng.uniform());
  }
  State state{run, CmaEs(std::move(mean), sigma, run.population), {}, {}, {}, false};
  for (std::size_t i = 0; i < size_; ++i) {
    if (choices_[i] == 0) continue;
    std::vector<double> chances(static_cast<std::size_t>(choices_[i]), 1.0 / choices_[i]);
    if (!std::isnan(start[i])) {
      for (double& chance : chances) chance /= 2;
      chances[std::min(chances.size() - 1, static_cast<std::size_t>(start[i] * choices_[i]))] +=
          0.5;
    }
    state.chances[i] = std::move(chances);
  }
  return state;
}

CmaFold::Row CmaFold::row_of(const Space& space, const Trial& trial, double loss) const {
  Row row{loss, {state_->core.mean().begin(), state_->core.mean().end()}, {}};
  for (std::size_t k = 0; k < numeric_.size(); ++k) {
    const std::size_t i = numeric_[k];
    // What does not show and was not noted stands at the mean: it pulls nowhere.
    const double shown = std::isnan(trial.unit[i]) ? row.latent[k] : trial.unit[i];
    row.latent[k] = noted(trial.note, "z." + space[i].name, shown);
  }
  for (const auto& [i, chances] : state_->chances) {
    const double at = trial.unit[i];
    row.choices.push_back(
        std::isnan(at) ? -1 : std::min(choices_[i] - 1, static_cast<int>(at * choices_[i])));
  }
  return row;
}

void CmaFold::advance(State& state) const {
  std::ranges::stable_sort(state.rows, [](const Row& a, const Row& b) {
    return std::isnan(b.loss) ? !std::isnan(a.loss) : a.loss < b.loss;
  });
  std::vector<double> points;
  for (const Row& row : state.rows) {
    points.insert(points.end(), row.latent.begin(), row.latent.end());
  }
  state.core.update(points);
  for (std::size_t k = 0; k < numeric_.size(); ++k) {
    state.core.keep_moving(k, edges_[numeric_[k]]);
  }
  learn_choices(state);
  state.bests.push_back(state.rows.front().loss);
  state.resting = at_rest(state);
  state.rows.clear();
}

// The probabilities of choices move towards those of the better half, as the covariance does
// (Hamano et al., "CatCMA", GECCO 2024, equation 12), and keep a margin.
void CmaFold::learn_choices(State& state) const {
  const std::size_t parents = state.rows.size() / 2;
  const auto n = static_cast<double>(size_);
  const double rate =
      std::min(0.5, static_cast<double>(parents) / (n + static_cast<double>(parents)));
  std::size_t column = 0;
  for (auto& [i, chances] : state.chances) {
    std::vector<double> counts(chances.size());
    double active = 0, weight_sum = 0;
    for (std::size_t k = 0; k < parents; ++k) {
      const double weight =
          std::log((static_cast<double>(parents) + 0.5) / static_cast<double>(k + 1));
      const int choice = state.rows[k].choices[column];
      weight_sum += weight;
      if (choice < 0) continue;
      counts[static_cast<std::size_t>(choice)] += weight;
      active += weight;
    }
    ++column;
    if (chances.size() < 2 || !(active > 0)) continue;
    const double least = std::min(
        0.5 / static_cast<double>(chances.size()),
        1 / (n * static_cast<double>(state.rows.size()) * static_cast<double>(chances.size() - 1)));
    const double step = rate * active / weight_sum;
    double total = 0;
    for (std::size_t c = 0; c < chances.size(); ++c) {
      chances[c] = std::max(least, chances[c] + step * (counts[c] / active - chances[c]));
      total += chances[c];
    }
    for (double& chance : chances) chance /= total;
  }
}

// No spread left in the losses of many generations, in the draws, or none but along one line.
bool CmaFold::at_rest(const State& state) const {
  const CmaEs& core = state.core;
  double widest = 0;
  for (std::size_t k = 0; k < core.mean().size(); ++k) {
    const double deviation = core.deviation(k);
    if (!std::isfinite(deviation) || !std::isfinite(core.mean()[k])) return true;
    widest = std::max(widest, deviation);
  }
  if (widest < least_deviation || core.condition() > 1e7) return true;
  const auto many = 10 + static_cast<std::size_t>(30 * static_cast<double>(core.mean().size()) /
                                                  core.population());
  if (state.bests.size() < many) return false;
  const auto recent = std::span(state.bests).last(many);
  double low = state.rows.front().loss, high = low;
  for (const double best : recent) {
    low = std::min(low, best);
    high = std::max(high, best);
  }
  for (const Row& row : state.rows) high = std::max(high, row.loss);
  return high - low <= least_range * std::max(std::fabs(low), std::fabs(high));
}

CmaRun CmaFold::next_run(const History& history) const {
  if (state_ && !state_->resting) return state_->run;
  const int number = state_ ? state_->run.number + 1 : 0;
  for (const int pending : history.pending()) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(pending)];
    if (belongs(trial) && run_of(trial.note).number == number) return run_of(trial.note);
  }
  const int standard = usual_population();
  int population = standard;
  // The kind of restart that has cost less so far; large ones double each time.
  if (number > 0 && spent_large_ <= spent_small_) {
    const double doubled = std::log2(1 + static_cast<double>(spent_large_) / (100.0 * standard));
    population = standard << std::clamp(static_cast<int>(doubled) + 1, 1, 9);
  }
  return {number, population, history.endings().size()};
}

std::vector<double> CmaFold::draw(const History& history, const CmaRun& run, Rng& rng,
                                  Note& note) const {
  const Space& space = history.space();
  std::optional<State> fresh;
  if (!state_ || state_->run.number != run.number) fresh = started(history, run);
  const State& state = fresh ? *fresh : *state_;
  note = {
      {"run", run.number}, {"population", run.population}, {"from", static_cast<double>(run.from)}};
  if (run.number > 0 && run.population <= usual_population()) note["small"] = 1;
  std::vector<double> latent(state.core.mean().size()), unit(size_);
  const auto outside = [&](std::size_t k) {
    return edges_[numeric_[k]].empty() && (latent[k] < 0 || latent[k] > 1);
  };
  for (int attempt = 0; attempt < 10; ++attempt) {
    state.core.draw(rng, latent);
    bool inside = true;
    for (std::size_t k = 0; k < numeric_.size(); ++k) inside = inside && !outside(k);
    if (inside) break;
  }
  for (std::size_t k = 0; k < numeric_.size(); ++k) {
    const std::size_t i = numeric_[k];
    unit[i] = std::clamp(latent[k], 0.0, 1.0);
    if (!edges_[i].empty() || !space[i].when.empty()) note["z." + space[i].name] = latent[k];
  }
  for (const auto& [i, chances] : state.chances) {
    double left = rng.uniform();
    std::size_t choice = 0;
    while (choice + 1 < chances.size() && left >= chances[choice]) left -= chances[choice++];
    unit[i] = (static_cast<double>(choice) + 0.5) / static_cast<double>(chances.size());
  }
  return unit;
}

}  // namespace caviar

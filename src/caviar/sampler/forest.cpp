// A random forest as the model, and expected improvement: at home where parameters are choices and
// hang on each other, and where trials are many.
//
// In the way of SMAC (Hutter, Hoos and Leyton-Brown, "Sequential model-based optimization for
// general algorithm configuration", LION 2011; Lindauer et al., "SMAC3", 2022): trees on bootstrap
// samples whose thresholds are drawn, logarithm of expected improvement, a local search from the
// best trials and the best of many random candidates, and now and then a trial drawn at random. An
// inactive parameter is a value of its own, so that trees part on whether it exists.
#include "caviar/math/forest.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/guide.hpp"
#include "caviar/sampler/hunches.hpp"
#include "caviar/sampler/observations.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

// One trial in so many explores: where it is far from all others, or
// every third time drawn at random.
constexpr std::size_t explores_every = 4, drawn_every = 3;
constexpr double optimism = 3;  // deviations of a lower confidence bound, where it explores
constexpr std::size_t random_points = 600;  // candidates all over the space
constexpr std::size_t climbs = 12;    // from how many of the best places a local search starts
constexpr int most_steps = 30;        // of a local search
constexpr int moves_of_a_number = 4;  // neighbours along one numeric axis
constexpr double move_width = 0.2;
constexpr int most_categories = 62;

struct ForestSampler {
  int startup = 0;
  int trees = 24;
  int model_trials = 1000;
  std::uint64_t seed = 0;
  std::shared_ptr<Guide> guide = std::make_shared<Guide>();  // saves time only
};

void fields(ForestSampler& o, auto&& field) {
  field("startup", o.startup, "trials spread evenly before the model begins; 0: by the space", 0,
        1e6);
  field("trees", o.trees, "of the forest", 2, 1000);
  field("model_trials", o.model_trials, "trials that the model holds at most", 10, 1e5);
}

void prepare(ForestSampler& o, const Setup& setup) { o.seed = setup.seed; }

std::size_t startup(const ForestSampler& o, const Space& space) {
  if (o.startup > 0) return static_cast<std::size_t>(o.startup);
  return std::clamp<std::size_t>(space.size() + 2, 5, 10);
}

// How unit vectors look to the forest: an inactive number lies before all others, an inactive
// choice is one more choice.
class View {
 public:
  explicit View(const Space& space) {
    for (const Parameter& parameter : space.parameters()) {
      const auto choices = is_categorical(parameter.distribution)
                               ? cardinality(parameter.distribution).value_or(0)
                               : 0;
      const bool apart = choices >= 1 && choices <= most_categories;
      categories_.push_back(apart ? static_cast<int>(choices) + 1 : 0);
    }
  }

  const std::vector<int>& categories() const { return categories_; }

  void look(std::span<double> unit) const {
    for (std::size_t i = 0; i < unit.size(); ++i) {
      double& x = unit[i];
      if (categories_[i] == 0) {
        if (std::isnan(x)) x = -1;
        continue;
      }
      const int choices = categories_[i] - 1;
      const int at = std::isnan(x) ? choices : category_at(x, choices);
      x = (at + 0.5) / categories_[i];
    }
  }

 private:
  std::vector<int> categories_;
};

class Search {
 public:
  // `far`: where the loss may be lowest, if the distance to the nearest trial counts as a deviation
  // of the model, too.
  Search(const ForestSampler& o, const History& history, const Observations& seen, bool far,
         Rng& rng)
      : o_(o), history_(history), space_(history.space()), view_(space_), far_(far), rng_(rng) {
    std::vector<double>& points = points_;
    points = seen.points;
    for (std::size_t row = 0; row < seen.rows(); ++row) {
      view_.look(std::span(points).subspan(row * seen.axes, seen.axes));
    }
    ForestOptions options{.trees = o.trees, .leaf_rows = seen.rows() < 12 ? 1U : 2U};
    options.rows = seen.rows();
    forest_.emplace(points, seen.values, view_.categories(), options, rng_);
    best_ = *std::ranges::min_element(seen.values);
  }

  std::optional<Point> run(const std::vector<std::vector<double>>& elites) {
    for (const std::vector<double>& elite : elites) starts_.push_back(scored(elite));
    std::vector<Candidate> pool;
    const std::size_t count = std::max<std::size_t>(60, 20'000 / (space_.size() + 30));
    for (std::size_t k = 0; k < std::min(random_points, count); ++k) {
      std::vector<double> unit(space_.size());
      for (double& x : unit) x = rng_.uniform();
      pool.push_back(scored(std::move(unit)));
    }
    std::ranges::stable_sort(pool, std::ranges::greater{}, &Candidate::score);
    for (Candidate& candidate : pool) {
      if (starts_.size() >= climbs) break;
      starts_.push_back(candidate);
    }
    for (Candidate& start : starts_) climb(start);
    starts_.insert(starts_.end(), pool.begin(), pool.end());
    std::ranges::stable_sort(starts_, std::ranges::greater{}, &Candidate::score);
    for (const Candidate& candidate : starts_) {
      if (!std::isfinite(candidate.score)) break;
      Point point = decode(space_, candidate.unit);
      if (history_.seen(point) == 0) return point;
    }
    return std::nullopt;
  }

 private:
  struct Candidate {
    std::vector<double> unit;  // no NaN: coordinates are kept for when they become active
    double score = 0;          // log expected improvement; −infinity where infeasible
  };

  Candidate scored(std::vector<double> unit) {
    for (double& x : unit) x = std::isnan(x) ? rng_.uniform() : x;
    const Point point = decode(space_, unit);
    if (!feasible(space_, point)) return {std::move(unit), -INFINITY};
    std::vector<double> model = encode(space_, point);
    double known = o_.guide->silent() ? 0 : o_.guide->preferences(model).front();
    view_.look(model);
    const Forest::Prediction at = forest_->predict_with_variance(model);
    const double novelty = far_ ? squared_distance(model) : 0;
    const double s = std::sqrt(std::max(at.variance + novelty, 1e-10));
    known += far_ ? optimism * s - at.mean : std::log(s) + log_improvement((best_ - at.mean) / s);
    return {std::move(unit), known};
  }

  // Of the nearest trial, a part of the largest there is: every parameter counts the same, a choice
  // that differs, or one that exists in one of the two alone, as the whole of it.
  double squared_distance(std::span<const double> model) const {
    const std::size_t axes = model.size();
    double nearest = 1;
    for (std::size_t row = 0; row < points_.size(); row += axes) {
      double sum = 0;
      for (std::size_t i = 0; i < axes; ++i) {
        const double x = model[i], y = points_[row + i];
        const bool apart = view_.categories()[i] > 0 ? x != y : (x < 0) != (y < 0);
        sum += apart ? 1 : view_.categories()[i] > 0 ? 0 : (x - y) * (x - y);
      }
      nearest = std::min(nearest, sum / static_cast<double>(axes));
    }
    return nearest;
  }

  // To the best neighbour that changes one parameter, as long as it is better.
  void climb(Candidate& candidate) {
    for (int step = 0; step < most_steps && tries_left_ > 0; ++step) {
      Candidate best = candidate;
      // With very many parameters only some of them are tried.
      const std::size_t tried = std::min<std::size_t>(space_.size(), 30);
      for (std::size_t k = 0; k < tried; ++k) {
        const std::size_t i = tried == space_.size() ? k : rng_.below(space_.size());
        for (const double x : neighbours(space_[i].distribution, candidate.unit[i])) {
          std::vector<double> unit = candidate.unit;
          unit[i] = x;
          --tries_left_;
          Candidate other = scored(std::move(unit));
          if (other.score > best.score) best = std::move(other);
        }
      }
      if (!(best.score > candidate.score)) return;
      candidate = std::move(best);
    }
  }

  std::vector<double> neighbours(const Distribution& distribution, double unit) {
    std::vector<double> result;
    if (is_categorical(distribution)) {
      const auto count = *cardinality(distribution);
      for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, 10); ++i) {
        const std::uint64_t choice = count <= 10 ? i : rng_.below(count);
        result.push_back((static_cast<double>(choice) + 0.5) / static_cast<double>(count));
      }
      return result;
    }
    for (int k = 0; k < moves_of_a_number; ++k) {
      const double width = k % 2 == 0 ? move_width : move_width / 8;
      result.push_back(std::clamp(unit + width * rng_.normal(), 0.0, 1.0));
    }
    return result;
  }

  const ForestSampler& o_;
  const History& history_;
  const Space& space_;
  View view_;
  bool far_;
  Rng& rng_;
  std::vector<double> points_;  // of the trials, as the forest sees them
  std::optional<Forest> forest_;
  double best_ = 0;
  std::vector<Candidate> starts_;
  // With very many parameters each of them costs more.
  long tries_left_ = 30'000 / (1 + static_cast<long>(space_.size()) / 5);
};

// Running trials count as what the typical trial came to: they keep others away, and promise
// nothing.
void add_pending(Observations& seen) {
  const std::size_t pending = seen.axes == 0 ? 0 : seen.pending.size() / seen.axes;
  if (pending == 0 || seen.rows() == 0) return;
  const double typical = median(seen.values);
  seen.points.insert(seen.points.end(), seen.pending.begin(), seen.pending.end());
  seen.values.insert(seen.values.end(), pending, typical);
}

std::vector<std::vector<double>> best_places(const Observations& seen) {
  std::vector<std::vector<double>> places;
  for (const std::size_t row : ascending(seen.values)) {
    if (places.size() == climbs / 2) break;
    const auto unit = std::span(seen.points).subspan(row * seen.axes, seen.axes);
    places.emplace_back(unit.begin(), unit.end());
  }
  return places;
}

std::optional<Proposal> propose(const ForestSampler& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  const std::size_t started = history.trials().size() - history.count(TrialState::interrupted);
  if (started < startup(o, space) || history.count(TrialState::complete) < 3) {
    std::uint64_t index = started;
    if (std::optional<Point> point = next_sobol(history, o.seed, index)) {
      return Proposal{std::move(*point), "", {{"startup", 1}}};
    }
    return Proposal{uniform_point(space, rng), "", {{"fallback", 1}}};
  }
  const bool explores = started % explores_every == explores_every - 1;
  const bool far = explores && started / explores_every % drawn_every != 0;
  if (explores && !far) return Proposal{hunched_point(history, rng), "", {{"explores", 1}}};
  Observations seen =
      observe(history, history.trials().size(), static_cast<std::size_t>(o.model_trials));
  const std::vector<std::vector<double>> elites = best_places(seen);
  add_pending(seen);
  if (seen.rows() > 0) {
    o.guide->follow(history);
    if (std::optional<Point> point = Search(o, history, seen, far, rng).run(elites)) {
      Note note;
      if (far) note["explores"] = 1;
      return Proposal{std::move(*point), "", std::move(note)};
    }
  }
  return Proposal{uniform_point(space, rng), "", {{"fallback", 1}}};
}

}  // namespace

Entry forest_sampler() {
  return sampler_entry<ForestSampler>("forest",
                                      "learns a random forest and goes where it promises most");
}

}  // namespace caviar

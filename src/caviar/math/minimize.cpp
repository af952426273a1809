#include "caviar/math/minimize.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <deque>

namespace caviar {
namespace {

using Values = std::vector<double>;

double dot(const Values& a, const Values& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

struct Pair {  // one step and the change of the gradient along it
  Values step, change;
};

class Descent {
 public:
  Descent(const Differentiable& f, Values start, std::span<const Bounds> bounds,
          const MinimizeOptions& options)
      : f_(f), bounds_(bounds), options_(options), x_(std::move(start)), gradient_(x_.size()) {
    project(x_);
    value_ = evaluate(x_, gradient_);
  }

  Minimum run() {
    bool converged = false;
    if (std::isfinite(value_)) {
      for (int iteration = 0; iteration < options_.max_iterations && !converged; ++iteration) {
        if (evaluations_ >= options_.max_evaluations) break;
        converged = steepness() <= options_.gradient_tolerance || !advance();
      }
    }
    return {x_, value_, evaluations_, converged};
  }

 private:
  static constexpr std::size_t memory = 10;

  double evaluate(const Values& x, Values& gradient) {
    ++evaluations_;
    const double value = f_(x, gradient);
    const bool usable = std::isfinite(value) &&
                        std::ranges::all_of(gradient, [](double g) { return std::isfinite(g); });
    return usable ? value : INFINITY;
  }

  void project(Values& x) const {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = std::clamp(x[i], bounds_[i].low, bounds_[i].high);
    }
  }

  // A coordinate at a bound that the gradient pushes outwards: it stays where it is.
  bool held(std::size_t i) const {
    return (x_[i] <= bounds_[i].low && gradient_[i] > 0) ||
           (x_[i] >= bounds_[i].high && gradient_[i] < 0);
  }

  double steepness() const {
    double largest = 0;
    for (std::size_t i = 0; i < x_.size(); ++i) {
      if (!held(i)) largest = std::max(largest, std::abs(gradient_[i]));
    }
    return largest;
  }

  Values over_free(Values v) const {
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (held(i)) v[i] = 0;
    }
    return v;
  }

  // −H·gradient over the free coordinates; the negative gradient where that is no way down.
  Values direction() const {
    const Values steepest = over_free(gradient_);
    std::vector<Pair> pairs;
    for (const Pair& pair : pairs_) {
      Pair kept{over_free(pair.step), over_free(pair.change)};
      if (bends_up(kept)) pairs.push_back(std::move(kept));
    }
    Values way = pairs.empty() ? Values{} : two_loops(pairs, steepest);
    if (pairs.empty() || !(dot(way, steepest) > 0)) {
      way = steepest;
      const double length = std::sqrt(dot(way, way));
      for (double& entry : way) entry *= std::min(1.0, 1 / length);
    }
    for (double& entry : way) entry = -entry;
    return way;
  }

  static bool bends_up(const Pair& pair) {
    return dot(pair.step, pair.change) > 1e-12 * dot(pair.change, pair.change);
  }

  static void add(Values& to, double factor, const Values& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
  }

  // The inverse Hessian that the pairs imply, times q (Nocedal 1980).
  static Values two_loops(const std::vector<Pair>& pairs, Values q) {
    Values weight(pairs.size());
    for (std::size_t k = pairs.size(); k-- > 0;) {
      weight[k] = dot(pairs[k].step, q) / dot(pairs[k].step, pairs[k].change);
      add(q, -weight[k], pairs[k].change);
    }
    const Pair& last = pairs.back();
    const double size = dot(last.step, last.change) / dot(last.change, last.change);
    for (double& entry : q) entry *= size;
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const double back = dot(pairs[k].change, q) / dot(pairs[k].step, pairs[k].change);
      add(q, weight[k] - back, pairs[k].step);
    }
    return q;
  }

  // One step along the projected path, Armijo's rule (Bertsekas 1982, equation 12), halved by
  // quadratic interpolation. False where no step brings a decrease worth going on for.
  bool advance() {
    const Values way = direction();
    double length = 1;
    while (evaluations_ < options_.max_evaluations && length > 1e-12) {
      Values x = x_;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += length * way[i];
      project(x);
      double slope = 0;
      for (std::size_t i = 0; i < x.size(); ++i) slope += gradient_[i] * (x[i] - x_[i]);
      Values gradient(x.size());
      const double value = evaluate(x, gradient);
      if (value <= value_ + 1e-4 * slope) return accept(std::move(x), value, std::move(gradient));
      const double bend = value - value_ - slope;
      const double shorter = std::isfinite(bend) && bend > 0 ? -0.5 * slope / bend : 0.1;
      length *= std::clamp(shorter, 0.1, 0.5);
    }
    if (pairs_.empty()) return false;
    pairs_.clear();  // the memory may be what misleads: once more along the gradient
    return true;
  }

  bool accept(Values x, double value, Values gradient) {
    Pair pair{x, gradient};
    for (std::size_t i = 0; i < x.size(); ++i) {
      pair.step[i] -= x_[i];
      pair.change[i] -= gradient_[i];
    }
    const double decrease = value_ - value;
    x_ = std::move(x);
    value_ = value;
    gradient_ = std::move(gradient);
    if (bends_up(pair)) {
      pairs_.push_back(std::move(pair));
      if (pairs_.size() > memory) pairs_.pop_front();
    }
    return decrease > options_.value_tolerance * (1 + std::abs(value_));
  }

  const Differentiable& f_;
  std::span<const Bounds> bounds_;
  const MinimizeOptions& options_;
  Values x_, gradient_;
  double value_ = 0;
  int evaluations_ = 0;
  std::deque<Pair> pairs_;
};

}  // namespace

Minimum minimize(const Differentiable& f, std::vector<double> start, std::span<const Bounds> bounds,
                 const MinimizeOptions& options) {
  assert(start.size() == bounds.size());
  return Descent(f, std::move(start), bounds, options).run();
}

}  // namespace caviar

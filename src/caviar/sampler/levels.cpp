#include "caviar/sampler/levels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "caviar/sampler/observations.hpp"

namespace caviar {

Levels::Levels(std::vector<double> losses) : losses_(std::move(losses)) {
  std::ranges::sort(losses_);
  values_ = levelled(losses_);
  // Closer ones are told apart by rounding alone. Halves keep the span finite.
  const double apart = losses_.empty() ? 0 : 2e-9 * (losses_.back() / 2 - losses_.front() / 2);
  std::size_t kept = 0;
  for (std::size_t i = 1; i < losses_.size(); ++i) {
    if (!(losses_[i] - losses_[kept] > apart && values_[i] > values_[kept])) continue;
    ++kept;
    losses_[kept] = losses_[i];
    values_[kept] = values_[i];
  }
  if (kept == 0) throw std::runtime_error("equal losses have no scale");
  losses_.resize(kept + 1);
  values_.resize(kept + 1);
}

double Levels::along(std::span<const double> from, std::span<const double> to, double x) {
  const std::span<const double> inner = from.subspan(1, from.size() - 2);
  const auto i = static_cast<std::size_t>(std::ranges::upper_bound(inner, x) - inner.begin());
  return std::lerp(to[i], to[i + 1], (x - from[i]) / (from[i + 1] - from[i]));
}

}  // namespace caviar

#include "caviar/math/hypervolume_gain.hpp"

#include <algorithm>
#include <limits>

#include "caviar/math/normal.hpp"

namespace caviar {
namespace {

// E max(0, edge − y), and its derivatives by y's mean and deviation.
struct Below {
  double expected = 0, by_mean = 0, by_deviation = 0;
};

Below below(double edge, double mean, double deviation) {
  if (edge == -std::numeric_limits<double>::infinity()) return {};
  const double z = (edge - mean) / deviation;
  const double pdf = normal_pdf(z), cdf = normal_cdf(z);
  return {deviation * (pdf + z * cdf), -cdf, pdf};
}

}  // namespace

HypervolumeGain::HypervolumeGain(std::span<const double> front, std::size_t columns,
                                 std::span<const double> reference)
    : columns_(columns), edges_(columns), low_(columns), high_(columns) {
  std::vector<double> kept;
  for (std::size_t row = 0; row < front.size() / columns; ++row) {
    const auto losses = front.subspan(row * columns, columns);
    if (!std::ranges::equal(losses, reference, std::less{})) continue;
    kept.insert(kept.end(), losses.begin(), losses.end());
  }
  for (std::size_t c = 0; c < columns; ++c) {
    edges_[c] = {-std::numeric_limits<double>::infinity(), reference[c]};
    for (std::size_t i = c; i < kept.size(); i += columns) edges_[c].push_back(kept[i]);
    std::ranges::sort(edges_[c]);
    const auto repeated = std::ranges::unique(edges_[c]);
    edges_[c].erase(repeated.begin(), repeated.end());
  }
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const std::vector<double>& edges = edges_[i % columns];
    const auto place = std::ranges::lower_bound(edges, kept[i]);
    places_.push_back(static_cast<std::uint32_t>(place - edges.begin()));
    if (i % columns == 0) rows.push_back(static_cast<std::uint32_t>(i / columns));
  }
  cut(columns - 1, rows);
}

// The space of the columns up to this one that these rows do not dominate, slab by slab along it:
// within a slab a row counts if it lies below.
void HypervolumeGain::cut(std::size_t column, const std::vector<std::uint32_t>& rows) {
  if (column == 1) return cut_two(rows);
  const auto place = [&](std::uint32_t row) { return places_[row * columns_ + column]; };
  std::vector<std::uint32_t> ordered = rows, counting;
  std::ranges::stable_sort(ordered, {}, place);
  const auto end = static_cast<std::uint32_t>(edges_[column].size() - 1);
  std::uint32_t from = 0;
  for (std::size_t next = 0; next <= ordered.size();) {
    const std::uint32_t to = next < ordered.size() ? place(ordered[next]) : end;
    low_[column] = from;
    high_[column] = to;
    cut(column - 1, counting);
    if (next == ordered.size()) break;
    for (; next < ordered.size() && place(ordered[next]) == to; ++next) {
      counting.push_back(ordered[next]);
    }
    from = to;
  }
}

// The staircase of two columns; only steps that go down end a slab.
void HypervolumeGain::cut_two(const std::vector<std::uint32_t>& rows) {
  std::vector<std::uint32_t> ordered = rows;
  const auto first = [&](std::uint32_t row) { return places_[row * columns_]; };
  const auto second = [&](std::uint32_t row) { return places_[row * columns_ + 1]; };
  std::ranges::stable_sort(ordered, {}, second);
  auto least = static_cast<std::uint32_t>(edges_[0].size() - 1);
  low_[0] = low_[1] = 0;
  for (const std::uint32_t row : ordered) {
    if (first(row) >= least) continue;
    high_[0] = least;
    high_[1] = second(row);
    add_box();
    least = first(row);
    low_[1] = second(row);
  }
  high_[0] = least;
  high_[1] = static_cast<std::uint32_t>(edges_[1].size() - 1);
  add_box();
}

void HypervolumeGain::add_box() {
  for (std::size_t c = 0; c < columns_; ++c) {
    if (low_[c] >= high_[c]) return;  // nothing in it
  }
  for (std::size_t c = 0; c < columns_; ++c) {
    boxes_.push_back(low_[c]);
    boxes_.push_back(high_[c]);
  }
}

double HypervolumeGain::at(std::span<const double> means, std::span<const double> deviations,
                           std::span<double> by_mean, std::span<double> by_deviation) const {
  std::vector<std::vector<Below>> belows(columns_);
  for (std::size_t c = 0; c < columns_; ++c) {
    for (const double edge : edges_[c]) {
      belows[c].push_back(below(edge, means[c], deviations[c]));
    }
  }
  std::ranges::fill(by_mean, 0.0);
  std::ranges::fill(by_deviation, 0.0);
  std::vector<double> lengths(columns_);
  double sum = 0;
  for (std::size_t box = 0; box < boxes_.size(); box += 2 * columns_) {
    const auto edge = [&](std::size_t c, std::size_t side) -> const Below& {
      return belows[c][boxes_[box + 2 * c + side]];
    };
    double volume = 1;
    for (std::size_t c = 0; c < columns_; ++c) {
      lengths[c] = edge(c, 1).expected - edge(c, 0).expected;
      volume *= lengths[c];
    }
    sum += volume;
    if (by_mean.empty()) continue;
    for (std::size_t c = 0; c < columns_; ++c) {
      double others = 1;
      for (std::size_t k = 0; k < columns_; ++k) others *= k == c ? 1 : lengths[k];
      by_mean[c] += others * (edge(c, 1).by_mean - edge(c, 0).by_mean);
      by_deviation[c] += others * (edge(c, 1).by_deviation - edge(c, 0).by_deviation);
    }
  }
  return sum;
}

}  // namespace caviar

#include "caviar/trainer/share_of_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

using Rows = std::vector<std::size_t>;

// By class; all in one where there are none.
std::vector<Rows> classes_of(const PreparedData& data) {
  std::vector<Rows> classes(std::max<std::size_t>(1, data.classes.size()));
  const std::vector<std::int32_t>& labels = data.training.labels;
  for (std::size_t row = 0; row < data.training.rows; ++row) {
    classes[labels.empty() ? 0 : static_cast<std::size_t>(labels[row])].push_back(row);
  }
  return classes;
}

// All rows in an order of which every beginning has its share of each class: the k-th of n rows of
// a class comes at (k + ½) / n, the first of each before all others.
Rows nested_order(const PreparedData& data, std::uint64_t seed) {
  std::vector<std::pair<double, std::size_t>> places;
  Rng rng(seed);
  for (Rows& rows : classes_of(data)) {
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[rng.below(i)]);
    const auto count = static_cast<double>(rows.size());
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const double place = k == 0 ? 0 : (static_cast<double>(k) + 0.5) / count;
      places.emplace_back(place, rows[k]);
    }
  }
  std::ranges::sort(places);
  Rows order;
  for (const auto& [place, row] : places) order.push_back(row);
  return order;
}

template <class T>
std::vector<T> picked(const std::vector<T>& all, const Rows& rows, std::size_t width) {
  std::vector<T> few;
  if (all.empty()) return few;
  few.reserve(rows.size() * width);
  for (const std::size_t row : rows) {
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(row * width);
    few.insert(few.end(), from, from + static_cast<std::ptrdiff_t>(width));
  }
  return few;
}

}  // namespace

PreparedData with_share_of_rows(const PreparedData& data, double share, std::uint64_t seed) {
  PreparedData result = data;
  const DataPart& all = data.training;
  if (share >= 1 || all.rows == 0) return result;
  Rows rows = nested_order(data, seed);
  const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(all.rows)));
  const std::size_t least = std::max<std::size_t>(1, data.classes.size());
  rows.resize(std::min(rows.size(), std::max(wanted, least)));
  std::ranges::sort(rows);
  DataPart& few = result.training;
  few.rows = rows.size();
  few.labels = picked(all.labels, rows, 1);
  few.weights = picked(all.weights, rows, 1);
  few.targets = picked(all.targets, rows, all.targets.size() / all.rows);
  std::vector<float> x;
  x.reserve(rows.size() * all.features);
  for (const std::size_t row : rows) {
    const float* from = all.x.data() + row * all.features;
    x.insert(x.end(), from, from + all.features);
  }
  few.x = Floats(std::move(x));
  return result;
}

}  // namespace caviar

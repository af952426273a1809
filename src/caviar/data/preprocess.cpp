#include "caviar/data/preprocess.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace caviar {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

// The feature of each of the table's levels; `none` for one that was never seen in training.
constexpr std::size_t none = static_cast<std::size_t>(-1);

std::vector<std::size_t> features_of(const std::vector<std::string>& levels,
                                     const std::vector<std::string>& known, std::size_t first) {
  std::vector<std::size_t> features;
  for (const std::string& level : levels) {
    const auto found = std::lower_bound(known.begin(), known.end(), level);
    const bool seen = found != known.end() && *found == level;
    features.push_back(seen ? first + static_cast<std::size_t>(found - known.begin()) : none);
  }
  return features;
}

}  // namespace

Moments moments(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  // Rounding in the mean must not make a constant column look as if it varied.
  if (*low == *high) return {*low, 0};
  double sum = 0, squares = 0;
  for (const double x : values) sum += x;
  const double mean = sum / count;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return {mean, std::sqrt(squares / count)};
}

Preprocessor Preprocessor::learn(const Table& table, std::span<const std::size_t> columns,
                                 std::span<const std::size_t> training_rows) {
  Preprocessor learnt;
  for (const std::size_t column : columns) {
    if (table.columns[column].is_text) {
      learnt.learn_levels(table, column, training_rows);
    } else {
      learnt.learn_numbers(table, column, training_rows);
    }
  }
  return learnt;
}

void Preprocessor::learn_numbers(const Table& table, std::size_t column,
                                 std::span<const std::size_t> training_rows) {
  const std::vector<double>& cells = table.columns[column].numbers;
  std::vector<double> present;
  for (const std::size_t row : training_rows) {
    if (!std::isnan(cells[row])) present.push_back(cells[row]);
  }
  const double middle = median(present);
  present.resize(training_rows.size(), middle);  // the gaps, filled
  const auto [mean, deviation] = moments(present);
  numbers_.push_back({column, names_.size(), middle, mean, deviation});
  names_.push_back(table.columns[column].name);
}

void Preprocessor::learn_levels(const Table& table, std::size_t column,
                                std::span<const std::size_t> training_rows) {
  const Column& text = table.columns[column];
  std::vector<std::pair<std::size_t, std::string>> counts;  // negative order: most frequent first
  for (const std::string& level : text.levels) counts.emplace_back(0, level);
  std::size_t missing = 0;
  for (const std::size_t row : training_rows) {
    const std::int32_t code = text.codes[row];
    ++(code == missing_level ? missing : counts[static_cast<std::size_t>(code)].first);
  }
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  TextColumn learnt{column, names_.size(), {}, missing > 0};
  for (const auto& [count, level] : counts) {
    if (count > 0 && learnt.levels.size() < most_levels) learnt.levels.push_back(level);
  }
  std::sort(learnt.levels.begin(), learnt.levels.end());
  for (const std::string& level : learnt.levels) names_.push_back(text.name + " = " + level);
  if (learnt.missing_known) names_.push_back(text.name + " missing");
  texts_.push_back(std::move(learnt));
}

std::vector<float> Preprocessor::apply(const Table& table,
                                       std::span<const std::size_t> rows) const {
  std::vector<float> out(rows.size() * width());
  for (const NumberColumn& number : numbers_) {
    const std::vector<double>& cells = table.columns[number.column].numbers;
    const double factor = number.deviation > 0 ? 1 / number.deviation : 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double cell = cells[rows[i]];
      const double x = std::isnan(cell) ? number.median : cell;
      out[i * width() + number.feature] = static_cast<float>((x - number.mean) * factor);
    }
  }
  for (const TextColumn& text : texts_) {
    const Column& column = table.columns[text.column];
    const auto features = features_of(column.levels, text.levels, text.first_feature);
    const std::size_t for_missing =
        text.missing_known ? text.first_feature + text.levels.size() : none;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::int32_t code = column.codes[rows[i]];
      const std::size_t feature =
          code == missing_level ? for_missing : features[static_cast<std::size_t>(code)];
      if (feature != none) out[i * width() + feature] = 1;
    }
  }
  return out;
}

}  // namespace caviar

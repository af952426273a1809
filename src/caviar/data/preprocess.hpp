// From table columns to the numbers that a network reads. Everything is learnt on the training rows
// only; rows seen later go through what was learnt.
//
//   numbers  missing → the training median; then (x − mean) / standard deviation; a column that is
//            constant in training becomes 0
//   text     one 0/1 feature for each level of the training rows (at most 64, the most frequent),
//   and
//            one for `missing` where that occurs there; a level never seen is all zeros
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/data/table.hpp"

namespace caviar {

inline constexpr std::size_t most_levels = 64;

class Preprocessor {
 public:
  // `columns` are indices into the table, none of them the target. At least one training row.
  static Preprocessor learn(const Table& table, std::span<const std::size_t> columns,
                            std::span<const std::size_t> training_rows);

  std::size_t width() const { return names_.size(); }
  // "mass", "sex = male", "sex missing": a name a feature.
  std::span<const std::string> feature_names() const { return names_; }
  // rows × width, row-major. The table needs the same columns as the one learnt from, but may have
  // other rows and other levels.
  std::vector<float> apply(const Table& table, std::span<const std::size_t> rows) const;

 private:
  struct NumberColumn {
    std::size_t column, feature;
    double median, mean, deviation;
  };
  struct TextColumn {
    std::size_t column, first_feature;
    std::vector<std::string> levels;  // a feature each, in alphabetical order
    bool missing_known;               // and one more
  };

  void learn_numbers(const Table& table, std::size_t column,
                     std::span<const std::size_t> training_rows);
  void learn_levels(const Table& table, std::size_t column,
                    std::span<const std::size_t> training_rows);

  std::vector<NumberColumn> numbers_;
  std::vector<TextColumn> texts_;
  std::vector<std::string> names_;
};

// Mean and standard deviation (of the population; 0 where all are equal). At least one value.
struct Moments {
  double mean = 0, deviation = 0;
};
Moments moments(std::span<const double> values);

}  // namespace caviar

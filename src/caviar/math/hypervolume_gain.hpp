// By how much one more point is expected to enlarge the hypervolume of a front, where its losses
// are independent and normal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace caviar {

// What no point of the front dominates, below the reference, is cut into boxes once; over each of
// them the expectation is a product of one-dimensional ones (Emmerich, Giannakoglou and Naujoks,
// "Single- and multiobjective evolutionary optimization assisted by Gaussian random field
// metamodels", 2006; Yang, Emmerich, Deutz and Bäck 2019).
class HypervolumeGain {
 public:
  // front: row after row, a loss a column, in any order, dominated rows included; two columns or
  // more. Rows that do not lie below the reference in every column are left out. Cost: two columns
  // n log n, each further one n times as much.
  HypervolumeGain(std::span<const double> front, std::size_t columns,
                  std::span<const double> reference);

  std::size_t boxes() const { return boxes_.size() / (2 * columns_); }

  // Of a point whose losses have these means and deviations (above 0), one a column. What is not
  // empty takes the derivatives.
  double at(std::span<const double> means, std::span<const double> deviations,
            std::span<double> by_mean = {}, std::span<double> by_deviation = {}) const;

 private:
  void cut(std::size_t column, const std::vector<std::uint32_t>& rows);
  void cut_two(const std::vector<std::uint32_t>& rows);
  void add_box();

  std::size_t columns_;
  std::vector<std::vector<double>> edges_;  // by column, ascending; −infinity first
  std::vector<std::uint32_t> places_;       // of the rows' losses among them, row after row
  std::vector<std::uint32_t> boxes_;        // low and high edge of each column
  std::vector<std::uint32_t> low_, high_;   // of the box that is being cut
};

}  // namespace caviar

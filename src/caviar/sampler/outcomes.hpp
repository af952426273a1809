// What complete trials came to, as rows of losses: what the methods for several objectives read.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

struct Outcomes {
  std::size_t columns = 1;                // objectives
  std::vector<int> solutions = {};        // trials within all bounds, by number
  std::vector<double> losses = {};        // theirs, row after row
  std::vector<int> others = {};           // complete trials beyond some bound
  std::vector<double> violations = {};    // theirs, at most the largest finite number
  std::vector<double> other_losses = {};  // theirs, row after row

  std::span<const double> row(std::size_t row) const {
    return std::span(losses).subspan(row * columns, columns);
  }
  std::span<const double> other_row(std::size_t row) const {
    return std::span(other_losses).subspan(row * columns, columns);
  }
};
Outcomes outcomes_of(const History& history);

// From the best loss of each objective to the worst on the front.
struct Ranges {
  std::vector<double> low, high;
  // 0 at the best, 1 at the front's worst.
  double share(double loss, std::size_t objective) const;
};
Ranges ranges_of_front(const Outcomes& outcomes);  // of at least one solution

// The rows of one front: the first `ordered` as hypervolume_order() has them, the rest as they
// came.
std::vector<std::size_t> spread_first(const Outcomes& outcomes, std::span<const std::size_t> front,
                                      std::size_t ordered);

}  // namespace caviar

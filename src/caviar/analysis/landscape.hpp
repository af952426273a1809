// What a model believes the value is everywhere: along one hyperparameter, and over two of them,
// all others being as in the best trial.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

struct Slice {
  std::size_t parameter = 0;
  std::vector<double> unit;       // places on its unit axis
  std::vector<double> value;      // predicted there, in the user's sign
  std::vector<double> low, high;  // one standard deviation to each side, low <= high
};

struct Surface {
  std::size_t x = 0, y = 0;  // parameters
  std::size_t columns = 0, rows = 0;
  // Row after row from the low end of y; cell (column, row) stands at the middle of its part of the
  // unit square, ((column + ½) / columns, (row + ½) / rows). In the user's sign.
  std::vector<double> value;
  std::vector<double> deviation;  // one standard deviation of what the model believes there
};

// A Gaussian process over the study's losses, tamed as evidence.hpp says; of long studies it sees
// the better half of 240 trials and others evenly. Copies share it; any thread may ask.
class Landscape {
 public:
  // nullopt where nothing can be learnt: see evidence().
  static std::optional<Landscape> learn(const History& history);

  // Along one parameter: at `points` places, or at each value of a finite one with no more.
  Slice slice(std::size_t parameter, std::size_t points = 41) const;
  Surface surface(std::size_t x, std::size_t y, std::size_t cells = 40) const;

 private:
  struct Model;
  std::shared_ptr<const Model> model_;
};

}  // namespace caviar

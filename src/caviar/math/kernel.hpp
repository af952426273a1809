// The kernel of a Gaussian process over points of the unit cube: what of it is learnt, and the
// covariances that it gives. Matérn 5/2 with a length scale for each axis (Rasmussen and Williams,
// "Gaussian Processes for Machine Learning", 2006, equation 4.17), and on request a quadratic.
//
// Two points lie apart on a numeric axis by their distance, on a categorical axis by 1 wherever
// they differ. A NaN coordinate (an inactive parameter) stands at the middle of a numeric axis and
// is a category of its own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "caviar/math/warp.hpp"

namespace caviar {

struct Axis {
  bool categorical = false;  // coordinates are labels: any number, equal or not
  double length = 1;  // factor on the prior's median length scale: > 1 expects less influence
};

// Values are standardised before, so variances are in units of their spread.
struct Kernel {
  std::vector<double> lengths;  // one an axis
  double amplitude = 1;         // prior variance of the function
  double noise = 1e-2;          // variance of one observation about the function, where that is 0
  double mean = 0;
  // Prior variance of a quadratic function about the middle of the cube, which is added: covariance
  // bowl · (1 + z·z')², z the numeric coordinates from the middle, over the lengths.
  double bowl = 0;
  double noise_growth = 0;  // how much the noise's logarithm rises while the function rises by 1
  std::vector<Warp> warps = {};  // of numeric axes, one an axis; empty: none is bent
};

// The variance of one observation where the function is at this level.
double noise_at(const Kernel& kernel, double level);

// Points as rows of ordinary coordinates, whose squared distances are the kernel's. Numeric axes
// come first, one column each, 0 at the middle; then for a categorical axis a column for each label
// and one for labels never seen, √½ where it applies, so that two different labels lie 1 apart.
class Embedding {
 public:
  Embedding() = default;
  // The labels are those in the points: row after row, one coordinate an axis.
  Embedding(std::vector<Axis> axes, std::span<const double> points);

  const std::vector<Axis>& axes() const { return axes_; }
  std::size_t columns() const { return columns_.size(); }
  std::size_t numeric() const { return numeric_; }
  std::size_t axis_of(std::size_t column) const { return columns_[column].axis; }

  // rows × columns() numbers, column after column.
  std::vector<double> embed(std::span<const double> points, std::size_t rows) const;

 private:
  struct Column {
    std::size_t axis;
    double label;  // NaN: the numeric axis itself, or any label never seen
  };
  std::vector<Axis> axes_;
  std::vector<Column> columns_;
  std::size_t numeric_ = 0;
};

// Points in the kernel's own coordinates: embedded, bent, and divided by the lengths.
struct Inputs {
  std::vector<double> values;  // column after column
  std::size_t rows = 0, columns = 0, numeric = 0;

  double at(std::size_t row, std::size_t column) const { return values[column * rows + row]; }
  std::span<const double> column(std::size_t c) const {
    return std::span(values).subspan(c * rows, rows);
  }
};
Inputs scaled_inputs(const Embedding& embedding, std::span<const double> points, std::size_t rows,
                     const Kernel& kernel);
// The same from points that are embedded already.
Inputs scaled_inputs(const Embedding& embedding, const Kernel& kernel, std::vector<double> embedded,
                     std::size_t rows);

// Of row `of` of b with each row of a from `first` on: squared distances, and 1 + z·z'.
void squared_distances(const Inputs& a, std::size_t first, const Inputs& b, std::size_t of,
                       std::span<double> result);
void bowl_roots(const Inputs& a, std::size_t first, const Inputs& b, std::size_t of,
                std::span<double> result);
// The correlation as a function of r², in place, and its derivative by r² where a place is given.
void matern(std::span<double> squared, std::span<double> slope = {});
// The whole covariance without noise of row `of` of b with each row of a from `first` on.
void covariances(const Kernel& kernel, const Inputs& a, std::size_t first, const Inputs& b,
                 std::size_t of, std::span<double> result);
// The prior variance of the function at a row.
double own_variance(const Kernel& kernel, const Inputs& inputs, std::size_t row);

}  // namespace caviar

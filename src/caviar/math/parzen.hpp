// A Parzen estimator over the unit cube: a mixture of product kernels, one about each row, and a
// uniform one as prior. Mixed and conditional parameters included.
#pragma once

#include <span>
#include <vector>

#include "caviar/base/rng.hpp"

namespace caviar {

// How a coordinate of the unit cube is to be read.
struct ParzenAxis {
  enum class Kind {
    continuous,   // a Gaussian, truncated to [0, 1]
    ordered,      // the same, integrated over cells: a value is a cell
    categorical,  // Aitchison and Aitken 1976: one mass on the own choice, one on all others
  };
  Kind kind = Kind::continuous;
  std::vector<double> edges = {};  // of the cells, from 0 to 1; of ordered axes
  int choices = 0;                 // equal cells; of categorical axes
};

class ParzenEstimator {
 public:
  // rows: unit vectors one after the other. A NaN coordinate (an inactive parameter) says nothing:
  // the kernel is uniform along it. weights: one a row, positive. prior: weight of the uniform
  // component, positive. widths: one an axis; standard deviation of the Gaussian, or the mass that
  // a categorical kernel leaves to the other choices.
  ParzenEstimator(std::vector<ParzenAxis> axes, std::span<const double> rows,
                  std::span<const double> weights, double prior, std::span<const double> widths);

  // A point from the mixture; every coordinate is set, those of cells to their middles.
  void draw(Rng& rng, std::span<double> unit) const;

  // log p of points, row after row, to about six digits. On axes of cells and choices p is a
  // probability, elsewhere a density; NaN coordinates are left out of the product.
  std::vector<double> log_density(std::span<const double> points) const;

 private:
  // One axis of all kernels: what the log density needs, in single precision, side by side.
  struct Column {
    std::vector<float> centre, precision, norm;  // of Gaussians: norm − precision·(x − centre)²
    std::vector<int> cell;                       // of cells and choices; −1: absent
    std::vector<std::vector<float>> table;       // [cell of the kernel][cell of the point]
  };
  void add_gaussian(std::size_t axis);
  void add_cells(std::size_t axis);
  void add_term(std::size_t axis, double at, std::span<float> terms) const;
  int cell_of(std::size_t axis, double unit) const;
  double prior_term(std::size_t axis, double at) const;
  double draw_along(std::size_t axis, std::size_t kernel, Rng& rng) const;
  double row(std::size_t kernel, std::size_t axis) const { return rows_[kernel * size_ + axis]; }

  std::vector<ParzenAxis> axes_;
  std::size_t size_;  // number of axes
  std::vector<double> rows_, widths_;
  std::vector<double> cumulative_;  // of the kernels' weights; the prior comes last
  std::vector<float> log_weights_;  // normalised; the prior's comes last
  std::vector<Column> columns_;
};

}  // namespace caviar

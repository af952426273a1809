// Covariance matrix adaptation (Hansen, "The CMA Evolution Strategy: A Tutorial", 2016), with a
// margin that keeps coordinates of cells (integers) from freezing (Hamano, Saito, Nomura and
// Shirakawa, "CMA-ES with Margin", GECCO 2022).
//
//   CmaEs search(start, 0.3);
//   repeat: search.draw(rng, x) population() times, search.update(rows from the best to the worst)
#pragma once

#include <span>
#include <vector>

#include "caviar/base/rng.hpp"

namespace caviar {

class CmaEs {
 public:
  static int usual_population(std::size_t axes);  // 4 + 3 ln n (equation 48)

  // At least one axis; a population of at least 4, 0 for the usual one.
  CmaEs(std::vector<double> mean, double sigma, int population = 0);

  int population() const { return population_; }
  std::span<const double> mean() const { return mean_; }
  double deviation(std::size_t axis) const;  // of the draws along this axis
  double condition() const;                  // greatest over least axis length of the ellipsoid

  void draw(Rng& rng, std::span<double> x) const;  // mean + σ · A · N(0, C)

  // One generation (equations 34 to 47, active weights): `population` rows from the best to the
  // worst. They need not be draws of the present distribution; a step longer than draws are is
  // shortened (Hansen, "Injecting External Solutions Into CMA-ES", 2011, equation 4).
  void update(std::span<const double> rows);

  // Makes sure that draws leave the cell of the mean along this axis with a probability of at least
  // 1 / (n · population) (Hamano et al., equations 14 to 20). edges: of all cells, ascending; the
  // first and the last cell reach to infinity.
  void keep_moving(std::size_t axis, std::span<const double> edges);

 private:
  void set_weights();
  void decompose();
  std::vector<double> whitened(std::span<const double> y) const;  // C^(−1/2) · y

  std::size_t n_;
  int population_, parents_ = 0, generation_ = 0, decomposed_ = 0;
  double sigma_, mass_ = 0;  // mass_: μ_eff
  double c_sigma_ = 0, damping_ = 0, c_c_ = 0, c_1_ = 0, c_mu_ = 0, expected_norm_ = 0;
  std::vector<double> weights_, mean_, path_sigma_, path_c_;
  std::vector<double> stretch_;                      // A, a diagonal: 1 but where the margin acts
  std::vector<double> covariance_, axes_, lengths_;  // C = B · D² · Bᵀ; B by columns
};

}  // namespace caviar

// Where a person expects the best values to lie, as a density over the unit cube.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "caviar/space/space.hpp"

namespace caviar {

bool has_hunches(const Space& space);

// The middle of each axis, or where its hunch lies.
std::vector<double> expected_middle(const Space& space);

// Moves a uniform point of the unit cube to where the hunches have it: axis by axis the quantile of
// a mixture of a uniform density and the hunch's own, which has this share. So points that are
// spread evenly stay so, as seen by the hunches.
void place_by_hunches(const Space& space, double share, std::span<double> unit);

// The logarithm of the density at a point (NaN where inactive), of which a twentieth is uniform so
// that nothing is ruled out. Where `gradient` is not empty, `weight` times the slope of the
// logarithm is added to it.
double log_hunch(const Space& space, std::span<const double> unit, double weight = 0,
                 std::span<double> gradient = {});

// How much a hunch still counts after so many trials: as the exponent of its density, which is
// 10 / trials (Hvarfner et al., "πBO: Augmenting Acquisition Functions with User Beliefs for
// Bayesian Optimization", ICLR 2022, equation 6; β = 10), and as the share of draws that follow it.
double hunch_exponent(std::size_t trials);
double hunch_share(std::size_t trials);

}  // namespace caviar

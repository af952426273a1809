// How promising a belief makes a place: the acquisition functions, between exploring and
// exploiting.
#pragma once

#include "caviar/base/rng.hpp"
#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/mixed_search.hpp"

namespace caviar {

// The logarithm of the expected improvement (Ament et al. 2023), which is the mean of the models'
// (Snoek, Larochelle and Adams 2012); its first glance is the first model's alone. Augmented, it
// counts the less, the less there is to learn beside the noise (Huang et al. 2006). The belief must
// outlive it.
Acquisition log_expected_improvement(const Belief& belief, bool augmented = false);

// How low the loss may be: the mean of the models' means less so many deviations, with its sign
// turned (the lower confidence bound, Cox and John 1992); 0 deviations: how low it is expected to
// be, whatever is unknown about it. The belief must outlive it.
Acquisition low_bound(const Belief& belief, double deviations);

// The logarithm of the probability that a trial is better than the best so far, by a hundredth of
// the spread of the values at least (Kushner 1964); the mean of the models'. The belief must
// outlive it.
Acquisition log_probability_of_improvement(const Belief& belief);

// A function drawn from the posterior of one of the models, with its sign turned (Thompson 1933):
// who goes where it is lowest tries each place as often as it may be the best one. All points of a
// call are drawn together, those of two calls are of two functions; it has no slope. The belief and
// the generator must outlive it.
Acquisition posterior_draw(const Belief& belief, Rng& rng);

}  // namespace caviar
